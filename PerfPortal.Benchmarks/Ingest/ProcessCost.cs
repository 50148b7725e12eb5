namespace PerfPortal.Benchmarks.Ingest;

/// <summary>What work of this process costs in CPU time, whichever threads do it.</summary>
internal static class ProcessCost
{
    /// <summary>CPU seconds that the work takes.</summary>
    public static async Task<double> OfAsync(Func<Task> work)
    {
        var before = Environment.CpuUsage.TotalTime;
        await work();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    /// <summary>CPU seconds that the work takes.</summary>
    public static double Of(Action work)
    {
        var before = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }
}
