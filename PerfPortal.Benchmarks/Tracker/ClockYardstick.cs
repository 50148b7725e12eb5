using System.Diagnostics;

namespace PerfPortal.Benchmarks.Tracker;

/// <summary>Two reads of the monotonic clock: what any start and end must cost.</summary>
internal sealed class ClockYardstick
{
    private long _sum;

    public void Burst()
    {
        long sum = 0;
        for (int i = 0; i < Bursts.Length; i++)
        {
            sum -= Stopwatch.GetTimestamp();
            sum += Stopwatch.GetTimestamp();
        }

        _sum += sum;
    }
}
