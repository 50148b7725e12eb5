using PerfPortal.Server.Security;
using PerfPortal.Server.Views;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Reports;

/// <summary>Registers the report writer and maps the report endpoint.</summary>
internal static class ReportsSetup
{
    /// <summary>Adds the report writer.</summary>
    public static IServiceCollection AddPortalReports(this IServiceCollection services) => services.AddSingleton<ReportWriter>();

    /// <summary>Maps <c>GET /report</c>.</summary>
    public static void MapPortalReports(this WebApplication app) =>
        app.MapGroup(ApiRoutes.Root).RequireReady().RequireScope(Scope.Read).WithTags("Reading").MapReportApi();
}
