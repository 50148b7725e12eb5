using Microsoft.AspNetCore.WebUtilities;
using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Views.Findings;

/// <summary>
/// Identifies findings in URLs and links to what is behind them. Every path carries the window and the source that the finding was computed over, whatever range a page shows.
/// Paths are relative to the path base.
/// </summary>
internal static class FindingLinks
{
    /// <summary>Returns the key of a bottleneck: its kind and a short hash of its subject, stable while the problem lasts.</summary>
    public static string KeyOf(Bottleneck bottleneck) =>
        $"{bottleneck.Kind}-{Recommendation.IdOf(bottleneck.Kind, bottleneck.MetricType, bottleneck.OperationName, bottleneck.Source)[..8]}";

    /// <summary>Returns the path of a finding on the insights page.</summary>
    /// <param name="key">The key of a bottleneck, or the ID of a recommendation or of a group of them.</param>
    public static string InsightsPath(string key) => QueryHelpers.AddQueryString("/insights", "finding", key);

    /// <summary>Returns the path of the operations behind a bottleneck, filtered by type and name: failed ones, or longest first.</summary>
    /// <param name="bottleneck">The bottleneck.</param>
    /// <param name="source">The source that the analysis was limited to.</param>
    /// <param name="range">The window of the analysis; <see langword="null"/> for the latest analysis, whose window ends now.</param>
    public static string OperationsPath(Bottleneck bottleneck, string? source, TimeRange? range = null)
    {
        bool isFailure = bottleneck.Kind == BottleneckKinds.HighFailureRate;
        var query = Window(range);
        if (bottleneck is { Kind: BottleneckKinds.Degradation, Since: { } since })
        {
            query = range is { } fixedRange ? Window(new TimeRange(since, fixedRange.To)) : new() { ["from"] = WireJson.Text(since) };
        }

        query["metric_type"] = bottleneck.MetricType?.WireName();
        query["name"] = bottleneck.OperationName;
        query["status"] = isFailure ? OperationStatus.Failed.WireName() : null;
        query["sort"] = isFailure ? null : "-duration_seconds";
        query["source"] = bottleneck.Source ?? source;
        return Path("/operations", query);
    }

    /// <summary>Returns the path of the resources of a bottleneck's host. Parameters as for <see cref="OperationsPath(Bottleneck, string?, TimeRange?)"/>.</summary>
    public static string ResourcesPath(Bottleneck bottleneck, string? source, TimeRange? range = null)
    {
        var query = Window(range);
        query["source"] = bottleneck.Source ?? source;
        return Path("/resources", query);
    }

    /// <summary>Returns the path of the host resources for a range, extended by 10 % of its length on both sides.</summary>
    public static string StretchPath(Bottleneck bottleneck, TimeRange stretch)
    {
        var margin = TimeSpan.FromTicks(Math.Max(stretch.Length.Ticks / 10, TimeSpan.TicksPerMinute));
        var query = Window(new TimeRange(stretch.From - margin, stretch.To + margin));
        query["source"] = bottleneck.Source;
        return Path("/resources", query);
    }

    /// <summary>Returns the path of what a recommendation is about: its operations, failed ones only where it is about an error, or the resources of its host.</summary>
    /// <param name="item">The recommendation. One that the latest analysis no longer makes leads to the window in which it was last made.</param>
    /// <param name="source">The source that the analysis was limited to.</param>
    /// <param name="range">The window of the analysis; <see langword="null"/> for the latest analysis, whose window ends now.</param>
    public static string SubjectPath(Recommendation item, string? source, TimeRange? range = null)
    {
        var query = Window(range ?? (item.IsCurrent || item.SeenAt == default ? (TimeRange?)null : new TimeRange(item.SeenAt - AnalysisInput.Window, item.SeenAt)));
        query["source"] = item.Source ?? source;
        if (item.MetricType is null)
        {
            return Path("/resources", query);
        }

        query["metric_type"] = item.MetricType.Value.WireName();
        query["name"] = item.OperationName;
        query["status"] = item.Cause is null ? null : OperationStatus.Failed.WireName();
        return Path("/operations", query);
    }

    /// <summary>Returns the path of the page of a model of this host.</summary>
    public static string ModelPath(string model) => QueryHelpers.AddQueryString("/models/view", "name", model);

    /// <summary>Whether a finding is about a model of this host, which has a page.</summary>
    public static bool HasModelPage(FindingObservation observation) => observation is { Kind: FindingKind.DamagedModel, Subject.Name: not null } && observation.Subject.Source == HostSource.Name;

    /// <summary>Returns the path of what a finding is about: the page of its model, or over the finding's own time its operations or the resources of its host.</summary>
    public static string SubjectPath(Finding finding)
    {
        var subject = finding.Latest.Subject;
        if (HasModelPage(finding.Latest))
        {
            return ModelPath(subject.Name!);
        }

        var margin = TimeSpan.FromHours(1);
        var query = finding.Until is { } until
            ? Window(new TimeRange(finding.Latest.SinceLow - margin, until + margin))
            : new() { ["from"] = WireJson.Text(finding.Latest.SinceLow - margin) };
        query["source"] = subject.Source;
        if (subject is { Source: not null, MetricType: null })
        {
            return Path("/resources", query);
        }

        query["metric_type"] = subject.MetricType?.WireName();
        query["name"] = subject.Name;
        query["status"] = subject.Measure == FindingMeasures.FailureRate ? OperationStatus.Failed.WireName() : null;
        return Path("/operations", query);
    }

    private static Dictionary<string, string?> Window(TimeRange? range) => range is { } known
        ? new() { ["from"] = WireJson.Text(known.From), ["to"] = WireJson.Text(known.To) }
        : new() { ["window"] = $"{AnalysisInput.Window.TotalHours:0}h" };

    private static string Path(string page, Dictionary<string, string?> query) => QueryHelpers.AddQueryString(page, query.Where(pair => pair.Value is not null));
}
