using System.Diagnostics;

namespace PerfPortal.Benchmarks.Measuring;

/// <summary>Times something many times over.</summary>
internal static class Median
{
    /// <summary>The median duration of so many runs, milliseconds; some runs before them are not counted.</summary>
    public static async Task<double> OfAsync(int runs, int warmUp, Func<Task> run)
    {
        for (int i = 0; i < warmUp; i++)
        {
            await run();
        }

        double[] times = new double[runs];
        for (int i = 0; i < runs; i++)
        {
            long began = Stopwatch.GetTimestamp();
            await run();
            times[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[runs / 2];
    }

    /// <summary>The processor time of one run, milliseconds, on average over so many: what is left of a duration when nobody else uses the machine.</summary>
    public static async Task<double> ProcessorTimeOfAsync(int runs, Func<Task> run)
    {
        var before = Environment.CpuUsage.TotalTime;
        for (int i = 0; i < runs; i++)
        {
            await run();
        }

        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds / runs;
    }
}
