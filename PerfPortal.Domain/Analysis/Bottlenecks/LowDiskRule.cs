using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Bottlenecks;

/// <summary>
/// The newest sample of a host, at most <see cref="Freshness"/> old, has less free disk space than <c>low_disk_gb</c>. Critical below a fifth of it.
/// It began with the first minute of the present stretch below the limit.
/// </summary>
internal sealed class LowDiskRule : IBottleneckRule
{
    /// <summary>An older sample says nothing about now.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromMinutes(10);

    private const double CriticalFactor = 0.2;

    /// <summary>The free space now, GiB, or <see langword="null"/> when it is not known.</summary>
    public static double? FreeNow(AnalysisInput input, HostResources host) =>
        host.Latest is { } latest && input.Now - latest.SampledAt <= Freshness ? latest[ResourceMetric.DiskFreeGb] : null;

    public IEnumerable<Bottleneck> Find(AnalysisInput input)
    {
        double limit = input.Thresholds.LowDiskGb;
        foreach (var host in input.Hosts)
        {
            if (FreeNow(input, host) is not { } free || !(free < limit))
            {
                continue;
            }

            var time = host.Beyond(ResourceMetric.DiskFreeGb, value => value < limit);
            yield return new()
            {
                Kind = BottleneckKinds.LowDisk,
                Severity = free < CriticalFactor * limit ? Severity.Critical : Severity.Warning,
                Sentence = $"{host.Source} has {Format.Number(free)} GiB of disk space left, less than {Format.Number(limit)} GiB.",
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
