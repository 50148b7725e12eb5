using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Bottlenecks;

/// <summary>
/// The latest fresh sample of a host has less free disk space than <c>low_disk_gb</c>: a warning, critical below a fifth of the limit.
/// Starts with the first minute of the latest period below the limit, unless that ended more than <see cref="TimeBeyond.MaxGap"/> ago.
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
                Sentence = $"{host.Source} has {Format.Value(free, "GiB")} of free disk space; the limit is {Format.Value(limit, "GiB")}.",
                Value = free,
                Threshold = limit,
                Unit = "GiB",
                Since = Since(time, host.Latest!.SampledAt),
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

    // The mean of the current minute can still be above the limit that the latest sample is below; the time of that sample would move with every sample.
    private static DateTimeOffset Since(TimeBeyond time, DateTimeOffset sampledAt) =>
        time.Last is { } last && (time.IsOngoing || sampledAt - last.To <= TimeBeyond.MaxGap)
            ? last.From
            : new(sampledAt.UtcTicks - sampledAt.UtcTicks % TimeSpan.TicksPerMinute, TimeSpan.Zero);

    /// <summary>Continues a period below the limit into the hours before it: those without a gap of more than an hour whose mean is below too.</summary>
    internal static DateTimeOffset Since(DateTimeOffset since, IReadOnlyList<ResourceMinute> hours, double limitGb)
    {
        for (int i = hours.Count - 1; i >= 0; i--)
        {
            if (since - hours[i].Time > TimeSpan.FromHours(2) || !(hours[i].Figures[ResourceMetric.DiskFreeGb]?.Mean < limitGb))
            {
                break;
            }

            since = hours[i].Time;
        }

        return since;
    }

    private static IEnumerable<EvidenceNumber> Total(HostResources host) =>
        host.Latest![ResourceMetric.DiskTotalGb] is { } total ? [new("disk_total_gb", total, "GiB")] : [];
}
