using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Views;

/// <summary>Returns 503 with <c>Retry-After</c> until the database is open.</summary>
internal static class ReadyFilter
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Adds the filter to a group of endpoints.</summary>
    public static RouteGroupBuilder RequireReady(this RouteGroupBuilder group) =>
        group.AddEndpointFilter(AnswerAsync).WithProblems(StatusCodes.Status503ServiceUnavailable);

    private static ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var readiness = context.HttpContext.RequestServices.GetRequiredService<PortalReadiness>();
        return readiness.IsReady
            ? next(context)
            : ValueTask.FromResult<object?>(Problems.Unavailable(readiness.Reason ?? "The portal is starting.", RetryAfter));
    }
}
