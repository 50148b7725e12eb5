namespace PerfPortal.Domain.Operations;

/// <summary>The display names of metric types.</summary>
public static class MetricTypeNames
{
    /// <summary>The plural name, for lists and charts.</summary>
    public static string Plural(this MetricType type) => type switch
    {
        MetricType.DownloadOperation => "Downloads",
        MetricType.HealthCheck => "Health checks",
        MetricType.FallbackStrategy => "Fallbacks",
        MetricType.AnalyticsCollection => "Analytics",
        MetricType.ModelOperation => "Model operations",
        MetricType.SystemResource => "System work",
        _ => type.WireName(),
    };

    /// <summary>The singular name.</summary>
    public static string Singular(this MetricType type) => type switch
    {
        MetricType.DownloadOperation => "Download",
        MetricType.HealthCheck => "Health check",
        MetricType.FallbackStrategy => "Fallback",
        MetricType.AnalyticsCollection => "Analytics",
        MetricType.ModelOperation => "Model operation",
        MetricType.SystemResource => "System",
        _ => type.WireName(),
    };
}
