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
        foreach (string path in new[] { "/livez", "/alive" })
        {
            routes.MapGet(path, () => TypedResults.Text("ok")).AsHealthProbe().ExcludeFromDescription();
        }

        foreach (string path in new[] { "/readyz", "/health" })
        {
            routes.MapGet(path, Ready).AsHealthProbe().ExcludeFromDescription();
        }
    }

    private static IResult Ready(PortalReadiness readiness, OperationJournal journal)
    {
        var status = journal.Status;
        string? reason = !readiness.IsReady ? readiness.Reason
            : status.FailingSince is not null ? "Writing to the database fails."
            : status.IsHealthy ? null : "The report queue is full.";
        return reason is null ? TypedResults.Text(RebuildNotice.Of(status) is { } notice ? "ok: " + notice : "ok") : Problems.Unavailable(reason, TimeSpan.FromSeconds(2));
    }
}
