using System.Globalization;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Views;

/// <summary>Returns 503 with <c>Retry-After</c> until the database is open, and marks responses whose figures may be incomplete.</summary>
internal static class ReadyFilter
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Adds the filter to a group of endpoints.</summary>
    public static RouteGroupBuilder RequireReady(this RouteGroupBuilder group) =>
        group.AddEndpointFilter(AnswerAsync).WithProblems(StatusCodes.Status503ServiceUnavailable);

    private static ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var services = context.HttpContext.RequestServices;
        var readiness = services.GetRequiredService<PortalReadiness>();
        if (!readiness.IsReady)
        {
            return ValueTask.FromResult<object?>(Problems.Unavailable(readiness.Reason ?? "The portal is starting.", RetryAfter));
        }

        int rebuilding = services.GetRequiredService<RollupBuffer>().StaleMinutes;
        if (rebuilding > 0)
        {
            context.HttpContext.Response.Headers[RebuildNotice.Header] = rebuilding.ToString(CultureInfo.InvariantCulture);
        }

        return next(context);
    }
}
