using PerfPortal.Server.Api.OpenApi;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Security;
using PerfPortal.Server.Views;
using PerfPortal.Server.Wire;
using Scalar.AspNetCore;

namespace PerfPortal.Server.Api;

/// <summary>Registers the services and the endpoints of the REST API.</summary>
internal static class ApiSetup
{
    /// <summary>The API reference page has its own script, which writes styles and loads no external code.</summary>
    private const string ReferencePolicy =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'";

    /// <summary>Registers the JSON format and the OpenAPI document.</summary>
    public static IServiceCollection AddPortalApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json => WireJson.Configure(json.SerializerOptions));
        services.AddSingleton<IdempotencyKeys>();
        services.AddSingleton(provider => new BodyBudget(BodyBudget.PortalBytes, provider.GetRequiredService<TimeProvider>()));
        services.AddPortalOpenApi();
        return services;
    }

    /// <summary>Adds the handling of errors: problem details under <c>/api</c>, pages elsewhere.</summary>
    public static void UsePortalErrors(this WebApplication app) => app.UseMiddleware<ErrorMiddleware>();

    /// <summary>Adds the handling of HEAD; first, so that no other component has to be aware of it.</summary>
    public static void UsePortalHead(this WebApplication app) => app.UseMiddleware<HeadMiddleware>();

    /// <summary>Adds the check of methods; after routing and access.</summary>
    public static void UsePortalMethods(this WebApplication app) => app.UseMiddleware<MethodMiddleware>();

    /// <summary>Maps the endpoints.</summary>
    public static void MapPortalApi(this WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").RequireScope(Scope.Read);
        app.MapScalarApiReference("/scalar", scalar => scalar.WithTitle("PerfPortal API").WithOpenApiRoutePattern("/openapi/{documentName}.json").DisableDefaultFonts())
            .RequireScope(Scope.Read).WithContentSecurityPolicy(ReferencePolicy);
        var group = app.MapGroup(ApiRoutes.Root).RequireReady();
        var reporting = group.MapGroup("").RequireScope(Scope.Report).WithTags("Reporting").AnswerWhenUnavailable();
        reporting.MapReportingApi();
        reporting.MapResourceReportApi();
        reporting.MapLossesApi();
        reporting.MapMarkerReportApi();
        reporting.MapMarkerDeletionApi();
        var reading = group.MapGroup("").RequireScope(Scope.Read).WithTags("Reading");
        reading.MapOperationsApi();
        reading.MapResourcesApi();
        reading.MapDashboardApi();
        reading.MapAnalysisApi();
        reading.MapScoreApi();
        reading.MapFindingsApi();
        reading.MapDetectApi();
        reading.MapMarkersApi();
        reading.MapPipelineApi();
        reading.MapAlertsApi();
        reading.MapSilencesApi();
        reading.MapDeliveriesApi();
        reading.MapModelsApi();
        reading.MapSourceListApi();
        group.MapGroup("").RequireScope(Scope.Read, orElse: Scope.Report).WithTags("Advice").MapAdviceApi();
        group.MapGroup("").RequireScope(Scope.Report).WithTags("Analysis").MapAnalysisActions();
        var alerting = group.MapGroup("").RequireScope(Scope.Report).WithTags("Alerts");
        alerting.MapAlertActions();
        alerting.MapSilenceActions();
        group.MapGroup("").RequireScope(Scope.Admin).WithTags("Alerts").MapReceiversApi();
        group.MapGroup("").RequireScope(Scope.Admin).WithTags("Models").MapModelActions();
        group.MapThresholdsApi();
        group.MapAlertRulesApi();
        group.MapGroup("").RequireScope(Scope.Admin).WithTags("Sources").AnswerWhenUnavailable().MapSourcesApi();
        app.MapGroup("/export").RequireReady().RequireScope(Scope.Read).WithTags("Export").MapExportApi();
    }
}
