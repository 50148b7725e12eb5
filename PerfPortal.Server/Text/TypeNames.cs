using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Text;

/// <summary>The metric types as a person calls them.</summary>
internal static class TypeNames
{
    /// <summary>The name of a type.</summary>
    public static string Of(MetricType type) => type switch
    {
        MetricType.DownloadOperation => "Downloads",
        MetricType.HealthCheck => "Health checks",
        MetricType.FallbackStrategy => "Fallbacks",
        MetricType.AnalyticsCollection => "Analytics",
        MetricType.ModelOperation => "Model operations",
        MetricType.SystemResource => "System work",
        _ => type.WireName(),
    };
}
