using System.Diagnostics;

namespace PerfPortal.Benchmarks.Tracker;

/// <summary>
/// Measures in bursts short enough to be seldom disturbed; of many bursts the median counts. What must happen between two bursts is not measured.
/// </summary>
internal static class Bursts
{
    /// <summary>Things in one burst; what a lane holds after a little growth, and what a core keeps close.</summary>
    public const int Length = 250;

    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    /// <summary>Nanoseconds of one thing.</summary>
    public static double Measure(int bursts, Action burst, Action between)
    {
        var costs = new double[bursts];
        for (int i = 0; i < bursts; i++)
        {
            long started = Stopwatch.GetTimestamp();
            burst();
            costs[i] = (Stopwatch.GetTimestamp() - started) * NanosecondsPerTick / Length;
            between();
        }

        return Median(costs);
    }

    /// <summary>Bytes that one burst allocates on this thread; the largest of a few.</summary>
    public static long Allocated(Action burst, Action between)
    {
        long most = 0;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            burst();
            most = Math.Max(most, GC.GetAllocatedBytesForCurrentThread() - before);
            between();
        }

        return most;
    }

    public static double Median(double[] figures)
    {
        Array.Sort(figures);
        return figures[figures.Length / 2];
    }
}
