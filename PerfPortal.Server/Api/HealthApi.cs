using PerfPortal.Domain.Journal;
using PerfPortal.Server.Security;
using PerfPortal.Server.Views;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>Probes: <c>/livez</c> says that the process answers, <c>/readyz</c> that it can take reports and answer questions.</summary>
internal static class HealthApi
{
    /// <summary>Maps the probes and their aliases.</summary>
    public static void MapPortalHealth(this IEndpointRouteBuilder routes)
    {
        foreach (string path in new[] { "/livez", "/alive" })
        {
            routes.MapGet(path, () => TypedResults.Text("ok")).AllowAnonymousAccess().ExcludeFromDescription();
        }

        foreach (string path in new[] { "/readyz", "/health" })
        {
            routes.MapGet(path, Ready).AllowAnonymousAccess().ExcludeFromDescription();
        }
    }

    private static IResult Ready(PortalReadiness readiness, OperationJournal journal)
    {
        var status = journal.Status;
        string? reason = !readiness.IsReady ? readiness.Reason
            : status.FailingSince is not null ? "The database cannot be written."
            : status.IsHealthy ? null : "Too many reports wait to be stored.";
        return reason is null ? TypedResults.Text("ok") : Problems.Unavailable(reason, TimeSpan.FromSeconds(2));
    }
}
