using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Models.Health.Scheduling;

/// <summary>How fast scheduled checks read while the host has other work.</summary>
internal static class LoadLimit
{
    private const double Least = 0.1;
    private const double QuietCpu = 50;
    private const double BusyCpu = 90;

    // Checks put pressure on the page cache.
    private const double BusyMemory = 90;

    /// <summary>The rate: the whole one up to 50 % of the processors, then falling evenly to a tenth at 90 %; at most half while memory is short.</summary>
    /// <param name="rate">The rate of an idle host.</param>
    /// <param name="sample">The host now; <see langword="null"/> when unknown.</param>
    /// <param name="now">The present, UTC.</param>
    public static double RateAt(double rate, ResourceSample? sample, DateTimeOffset now)
    {
        if (sample is null || !sample.IsFreshAt(now))
        {
            return rate;
        }

        double busy = Math.Clamp(((sample[ResourceMetric.CpuPercent] ?? 0) - QuietCpu) / (BusyCpu - QuietCpu), 0, 1);
        double share = 1 - (busy * (1 - Least));
        return rate * (sample[ResourceMetric.MemoryPercent] > BusyMemory ? Math.Min(share, 0.5) : share);
    }
}
