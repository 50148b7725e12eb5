using Microsoft.AspNetCore.WebUtilities;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Views.Findings;

/// <summary>Identifies findings in URLs and links to the operations behind them.</summary>
internal static class FindingLinks
{
    /// <summary>Returns the key of a bottleneck: its kind and a short hash of its subject, stable while the problem lasts.</summary>
    public static string KeyOf(Bottleneck bottleneck) =>
        $"{bottleneck.Kind}-{Recommendation.IdOf(bottleneck.Kind, bottleneck.MetricType, bottleneck.OperationName, bottleneck.Source)[..8]}";

    /// <summary>Returns the path of the operations behind a bottleneck, filtered by type and name: failed ones, or longest first.</summary>
    public static string OperationsPath(Bottleneck bottleneck)
    {
        var query = new Dictionary<string, string?>
        {
            ["metric_type"] = bottleneck.MetricType?.WireName(),
            ["name"] = bottleneck.OperationName,
            ["status"] = bottleneck.Kind == BottleneckKinds.HighFailureRate ? OperationStatus.Failed.WireName() : null,
            ["sort"] = bottleneck.Kind == BottleneckKinds.HighFailureRate ? null : "-duration_seconds",
        };
        return QueryHelpers.AddQueryString("/operations", query.Where(pair => pair.Value is not null));
    }

    /// <summary>Returns the path of the host resources for a range, extended by 10 % of its length on both sides.</summary>
    public static string ResourcesPath(Bottleneck bottleneck, TimeRange stretch)
    {
        var margin = TimeSpan.FromTicks(Math.Max(stretch.Length.Ticks / 10, TimeSpan.TicksPerMinute));
        var query = new Dictionary<string, string?>
        {
            ["from"] = WireJson.Text(stretch.From - margin),
            ["to"] = WireJson.Text(stretch.To + margin),
            ["source"] = bottleneck.Source,
        };
        return QueryHelpers.AddQueryString("/resources", query.Where(pair => pair.Value is not null));
    }
}
