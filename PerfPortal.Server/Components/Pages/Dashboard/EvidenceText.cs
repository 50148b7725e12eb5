using Microsoft.AspNetCore.WebUtilities;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Components.Controls;

namespace PerfPortal.Server.Components.Pages.Dashboard;

/// <summary>Evidence in words.</summary>
internal static class EvidenceText
{
    /// <summary>A number of a finding with its unit.</summary>
    public static string Of(double value, string unit) => unit switch
    {
        "share" => Numbers.Ratio(value),
        "GiB" => Numbers.Bytes(value * 1024 * 1024 * 1024),
        "MiB" => Numbers.Bytes(value * 1024 * 1024),
        "B/s" => Numbers.Value(value, "bytes/s"),
        "B" => Numbers.Bytes(value),
        "ratio" => Numbers.Plain(value) + " ×",
        _ => Numbers.Value(value, unit),
    };

    /// <summary>A name of the wire as words: <c>p_value</c> becomes <c>p value</c>.</summary>
    public static string Name(string name) => name.Length == 0 ? name : char.ToUpperInvariant(name[0]) + name[1..].Replace('_', ' ');

    /// <summary>Where the operations behind a bottleneck are: its type and name, failed ones or longest first.</summary>
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
}
