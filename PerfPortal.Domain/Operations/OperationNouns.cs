using System.Globalization;

namespace PerfPortal.Domain.Operations;

/// <summary>What operations of a type are called within a sentence.</summary>
public static class OperationNouns
{
    /// <summary>The plural: <c>downloads</c>; <c>operations</c> without a type.</summary>
    public static string Plural(MetricType? type) => Singular(type) + "s";

    /// <summary>A number of operations of a type: <c>1 download</c>, <c>1,234 downloads</c>.</summary>
    public static string Many(long count, MetricType? type) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? Singular(type) : Plural(type))}");

    /// <summary>The singular: <c>download</c>; <c>operation</c> without a type.</summary>
    public static string Singular(MetricType? type) => type switch
    {
        MetricType.DownloadOperation => "download",
        MetricType.HealthCheck => "health check",
        MetricType.FallbackStrategy => "fallback",
        MetricType.AnalyticsCollection => "collection",
        MetricType.ModelOperation => "model operation",
        MetricType.SystemResource => "system operation",
        _ => "operation",
    };
}
