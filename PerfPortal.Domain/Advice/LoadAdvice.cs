using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Advice;

/// <summary>What a component should take of a host that is busy with something else, from its newest sample.</summary>
internal static class LoadAdvice
{
    // Full use below, the least use above.
    internal const double IdleCpuPercent = 60;
    internal const double BusyCpuPercent = 95;
    internal const double LeastShare = 0.25;

    // Below this the host counts as idle.
    private const double Idle = 0.95;

    /// <summary>
    /// Adds the share of the bandwidth: f · s / (s + t), where f falls from 1 at 60 % CPU to 0.25 at 95 %, s is the speed of fast downloads, and t is what the host sends now.
    /// What it receives does not count, because the downloads themselves are part of it.
    /// </summary>
    public static void AddBandwidth(AdviceWriter answer, ResourceSample? load, double? speed)
    {
        if (Fresh(answer, load) is not { } sample)
        {
            answer.Default(AdviceKinds.BandwidthShare, null, 0, "The host has not reported its load in the last 10 minutes.");
            return;
        }

        double sent = sample[ResourceMetric.NetworkTxBytesPerSecond] ?? 0;
        double share = CpuShare(sample) * (speed is { } s and > 0 ? s / (s + sent) : 1);
        Add(answer, AdviceKinds.BandwidthShare, sample, share, share, $"sends {Format.BytesPerSecond(sent)}");
    }

    /// <summary>
    /// Adds the rate of reading: r · f · r / (r + d), with the rate r at which checks read, f as above, and d, what the disks read and write now.
    /// </summary>
    public static void AddReadRate(AdviceWriter answer, ResourceSample? load, double? rate)
    {
        double full = rate ?? AdviceCatalog.DefaultOf(AdviceKinds.ReadRate)!.Value;
        if (Fresh(answer, load) is not { } sample)
        {
            answer.Default(AdviceKinds.ReadRate, null, 0, "The host has not reported its load in the last 10 minutes.");
            return;
        }

        double busy = (sample[ResourceMetric.DiskReadBytesPerSecond] ?? 0) + (sample[ResourceMetric.DiskWriteBytesPerSecond] ?? 0);
        double share = CpuShare(sample) * full / (full + busy);
        Add(answer, AdviceKinds.ReadRate, sample, full * share, share, $"moves {Format.BytesPerSecond(busy)} from and to its disks");
    }

    /// <summary>Returns the share that the processors leave, from <see cref="LeastShare"/> to 1.</summary>
    internal static double CpuShare(ResourceSample sample) => sample[ResourceMetric.CpuPercent] is { } cpu
        ? Math.Clamp(1 - ((cpu - IdleCpuPercent) / (BusyCpuPercent - IdleCpuPercent) * (1 - LeastShare)), LeastShare, 1)
        : 1;

    private static void Add(AdviceWriter answer, string kind, ResourceSample sample, double value, double share, string traffic)
    {
        string state = sample[ResourceMetric.CpuPercent] is { } cpu ? $"{sample.Source} uses {Format.Percent(cpu)} of its processors and {traffic}" : $"{sample.Source} {traffic}";
        if (share >= Idle)
        {
            answer.Default(kind, null, 1, $"{state}, so nothing has to be held back.");
            return;
        }

        // The older a sample is, the less it tells about the present.
        double age = Math.Clamp((answer.Now - sample.SampledAt) / ResourceSample.FreshFor, 0, 1);
        answer.Learned(kind, null, value, 1, Math.Max(0.1, 1 - age), $"{state}, so {Format.Ratio(share)} is left for this.");
    }

    private static ResourceSample? Fresh(AdviceWriter answer, ResourceSample? load) => load is not null && load.IsFreshAt(answer.Now) ? load : null;
}
