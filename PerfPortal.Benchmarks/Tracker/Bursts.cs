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
    public static double Measure(int bursts, Action burst, Action between) => Measure(bursts, (burst, between))[0];

    /// <summary>Nanoseconds of one thing of each kind. The kinds take turns, so that whatever else the machine does it does to all of them.</summary>
    public static double[] Measure(int bursts, params (Action Burst, Action Between)[] kinds)
    {
        double[][] costs = new double[kinds.Length][];
        for (int kind = 0; kind < kinds.Length; kind++)
        {
            costs[kind] = new double[bursts];
        }

        for (int i = 0; i < bursts; i++)
        {
            for (int kind = 0; kind < kinds.Length; kind++)
            {
                long started = Stopwatch.GetTimestamp();
                kinds[kind].Burst();
                costs[kind][i] = (Stopwatch.GetTimestamp() - started) * NanosecondsPerTick / Length;
                kinds[kind].Between();
            }
        }

        return [.. costs.Select(Median)];
    }

    /// <summary>Bytes that one burst allocates on this thread; the largest of a few.</summary>
    public static long Allocated(Action burst, Action between)
    {
        long max = 0;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            burst();
            max = Math.Max(max, GC.GetAllocatedBytesForCurrentThread() - before);
            between();
        }

        return max;
    }

    public static double Median(double[] figures)
    {
        Array.Sort(figures);
        return figures[figures.Length / 2];
    }
}
