using PerfPortal.Server.Settings;

namespace PerfPortal.Server.Reports;

/// <summary>Registers the report and what the pages about benchmarks and thresholds need besides.</summary>
internal static class ReportsSetup
{
    /// <summary>Adds the services; all of them are safe for use by many at once.</summary>
    public static IServiceCollection AddPortalReports(this IServiceCollection services) => services
        .AddSingleton<BaselineSettings>()
        .AddSingleton<ThresholdPreview>()
        .AddSingleton<ReportReader>()
        .AddSingleton<ReportWriter>();
}
