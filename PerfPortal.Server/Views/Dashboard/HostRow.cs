using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>A host in the list of the dashboard.</summary>
/// <param name="Newest">Its newest sample.</param>
/// <param name="IsFresh">Whether that describes the present.</param>
/// <param name="State">Its worst problem; unknown when it has no current sample.</param>
public sealed record HostRow(ResourceSample Newest, bool IsFresh, Health State)
{
    /// <summary>Returns a value of the newest sample, if it is current.</summary>
    public double? Value(ResourceMetric metric) => IsFresh ? Newest[metric] : null;

    /// <summary>Creates the rows: those with problems first, then by name.</summary>
    /// <param name="samples">The newest sample of each host.</param>
    /// <param name="findings">The open findings.</param>
    /// <param name="bottlenecks">The bottlenecks.</param>
    /// <param name="now">The current time.</param>
    public static IReadOnlyList<HostRow> Of(
        IReadOnlyList<ResourceSample> samples, IReadOnlyList<Finding> findings, IReadOnlyList<Bottleneck> bottlenecks, DateTimeOffset now)
    {
        var worst = findings.Select(finding => (finding.Latest.Subject.Source, finding.Latest.Severity))
            .Concat(bottlenecks.Select(bottleneck => (bottleneck.Source, bottleneck.Severity)))
            .Where(problem => problem.Source is not null)
            .GroupBy(problem => problem.Source!, StringComparer.Ordinal)
            .ToDictionary(host => host.Key, host => host.Max(problem => problem.Severity), StringComparer.Ordinal);
        return
        [
            .. samples.Select(sample => Row(sample, worst.TryGetValue(sample.Source, out var severity) ? severity : null, now))
                .OrderByDescending(row => row.State switch { Health.Critical => 3, Health.Warning => 2, Health.Unknown => 1, _ => 0 })
                .ThenBy(row => row.Newest.Source, StringComparer.Ordinal),
        ];
    }

    private static HostRow Row(ResourceSample sample, Severity? worst, DateTimeOffset now)
    {
        bool isFresh = sample.IsFreshAt(now);
        return new(sample, isFresh, worst is { } severity ? EvidenceText.Health(severity) : isFresh ? Health.Healthy : Health.Unknown);
    }
}
