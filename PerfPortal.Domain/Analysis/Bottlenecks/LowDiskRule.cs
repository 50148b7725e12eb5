using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Bottlenecks;

/// <summary>
/// The latest fresh sample of a host has less free disk space than <c>low_disk_gb</c>: a warning, critical below a fifth of the limit.
/// Starts with the first minute of the current period below the limit.
/// </summary>
public sealed class LowDiskRule : IBottleneckRule
{
    private const double CriticalShare = 0.2;

    /// <summary>Returns the severity of low disk space.</summary>
    /// <param name="freeGb">Free space, GiB.</param>
    /// <param name="limitGb">The threshold <c>low_disk_gb</c>, GiB.</param>
    /// <returns>The severity, or <see langword="null"/> when there is enough free space.</returns>
    public static Severity? SeverityOf(double freeGb, double limitGb) =>
        !(freeGb < limitGb) ? null : freeGb < CriticalShare * limitGb ? Severity.Critical : Severity.Warning;

    /// <summary>The current free space in GiB, or <see langword="null"/> when no fresh sample contains it.</summary>
    internal static double? FreeNow(AnalysisInput input, HostResources host) =>
        host.Latest is { } latest && latest.IsFreshAt(input.Now) ? latest[ResourceMetric.DiskFreeGb] : null;

    /// <inheritdoc/>
    public IEnumerable<Bottleneck> Find(AnalysisInput input)
    {
        double limit = input.Thresholds.LowDiskGb;
        foreach (var host in input.Hosts)
        {
            if (FreeNow(input, host) is not { } free || SeverityOf(free, limit) is not { } severity)
            {
                continue;
            }

            var time = host.Beyond(ResourceMetric.DiskFreeGb, value => value < limit);
            yield return new()
            {
                Kind = BottleneckKinds.LowDisk,
                Severity = severity,
                Sentence = $"{host.Source} has {Format.Number(free)} GiB of free disk space; the limit is {Format.Number(limit)} GiB.",
                Value = free,
                Threshold = limit,
                Unit = "GiB",
                Since = time.IsOngoing ? time.Since : host.Latest!.SampledAt,
                Source = host.Source,
                Evidence = new()
                {
                    SampleCount = time.Minutes,
                    BeyondLimit = time.MinutesBeyond,
                    Share = time.Minutes == 0 ? null : time.Share,
                    Numbers = [new("disk_free_gb", free, "GiB"), .. Total(host)],
                    Stretches = time.IsOngoing ? [time.Stretches[^1]] : [],
                },
            };
        }
    }

    private static IEnumerable<EvidenceNumber> Total(HostResources host) =>
        host.Latest![ResourceMetric.DiskTotalGb] is { } total ? [new("disk_total_gb", total, "GiB")] : [];
}
