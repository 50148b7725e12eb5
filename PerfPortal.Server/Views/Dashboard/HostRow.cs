using PerfPortal.Domain.Analysis.Incidents;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views.Resources;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>A host in the list of the dashboard.</summary>
/// <param name="Newest">Its newest sample.</param>
/// <param name="IsFresh">Whether that describes the present.</param>
/// <param name="State">The worst of its problems and of the tiles that its values have; unknown when it has no current sample and no problem.</param>
/// <param name="IsSilent">Whether the portal misses its reports: an open finding says so. A host that was not heard for a while for another reason is only out of date.</param>
/// <param name="Reason">The worst of its problems in a sentence: its state may have a reason that the values of the moment do not show; <see langword="null"/> without a problem.</param>
public sealed record HostRow(ResourceSample Newest, bool IsFresh, Health State, bool IsSilent = false, string? Reason = null)
{
    /// <summary>What is said instead of the state: that it is silent or out of date.</summary>
    public string? Word => IsSilent ? "Silent" : IsFresh ? null : "Out of date";

    /// <summary>Returns a value of the newest sample, if it is current.</summary>
    public double? Value(ResourceMetric metric) => IsFresh ? Newest[metric] : null;

    /// <summary>Creates the rows: those with problems first, then by name.</summary>
    /// <param name="samples">The newest sample of each host.</param>
    /// <param name="findings">The open findings.</param>
    /// <param name="bottlenecks">The bottlenecks.</param>
    /// <param name="thresholds">The thresholds, which the tiles of a host are judged by.</param>
    /// <param name="now">The current time.</param>
    internal static IReadOnlyList<HostRow> Of(
        IReadOnlyList<ResourceSample> samples, IReadOnlyList<Finding> findings, IReadOnlyList<Bottleneck> bottlenecks, PerformanceThresholds thresholds, DateTimeOffset now)
    {
        var worst = findings.Select(finding => (finding.Latest.Subject.Source, Gravity: Gravity.Of(finding.Latest), finding.Latest.Sentence))
            .Concat(bottlenecks.Select(bottleneck => (bottleneck.Source, Gravity: Gravity.Of(bottleneck), bottleneck.Sentence)))
            .Where(problem => problem.Source is not null)
            .GroupBy(problem => problem.Source!, StringComparer.Ordinal)
            .ToDictionary(host => host.Key, host => host.MaxBy(problem => problem.Gravity), StringComparer.Ordinal);
        var silent = findings.Where(finding => finding.Latest.Kind == FindingKind.Silence).Select(finding => finding.Latest.Subject.Source).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. samples.Select(sample =>
                {
                    bool hasProblem = worst.TryGetValue(sample.Source, out var problem);
                    var tiles = ResourceTiles.StateOf(sample, bottlenecks, thresholds, now);
                    return new HostRow(
                        sample, sample.IsFreshAt(now), hasProblem ? Worse(EvidenceText.Health(problem.Gravity.Severity), tiles) : tiles, silent.Contains(sample.Source), hasProblem ? problem.Sentence : null);
                })
                .OrderByDescending(row => Order(row.State)).ThenBy(row => row.Newest.Source, StringComparer.Ordinal),
        ];
    }

    private static Health Worse(Health problem, Health tiles) => Order(tiles) > Order(problem) ? tiles : problem;

    private static int Order(Health state) => state switch { Health.Critical => 3, Health.Warning => 2, Health.Unknown => 1, _ => 0 };
}
