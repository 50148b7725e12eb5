using Microsoft.AspNetCore.Http.HttpResults;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Security;
using PerfPortal.Server.Views;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>Health probes: <c>/livez</c> reports that the process is running, <c>/readyz</c> that it accepts reports and queries.</summary>
internal static class HealthApi
{
    /// <summary>Maps the probes and their aliases.</summary>
    public static void MapPortalHealth(this IEndpointRouteBuilder routes)
    {
        var probes = routes.MapGroup("").AsHealthProbe().WithTags("Health");
        probes.MapGet("/livez", Live).WithName("GetLiveness").Produces<string>(contentType: "text/plain")
            .WithSummary("Check that the process is running").WithDescription("Alias: /alive.");
        probes.MapGet("/alive", Live).ExcludeFromDescription();
        probes.MapGet("/readyz", Ready).WithName("GetReadiness").Produces<string>(contentType: "text/plain").WithProblems(503)
            .WithSummary("Check that reports and queries are accepted").WithDescription("503 states the reason. Alias: /health.");
        probes.MapGet("/health", Ready).ExcludeFromDescription();
    }

    private static ContentHttpResult Live() => TypedResults.Text("ok");

    private static IResult Ready(PortalReadiness readiness, OperationJournal journal)
    {
        var status = journal.Status;
        string? reason = readiness.IsReady ? JournalTrouble.Of(status) : readiness.Reason;
        return reason is null ? TypedResults.Text(RebuildNotice.Of(status) is { } notice ? "ok: " + notice : "ok") : Problems.Unavailable(reason, TimeSpan.FromSeconds(2));
    }
}
