using PerfPortal.Domain.Journal;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>Returns 503 with <c>Retry-After</c> for reports that cannot be stored at the moment.</summary>
internal static class JournalFilter
{
    /// <summary>Adds the filter to a group of endpoints.</summary>
    public static RouteGroupBuilder AnswerWhenUnavailable(this RouteGroupBuilder group) => group.AddEndpointFilter(static async (context, next) =>
    {
        try
        {
            return await next(context).ConfigureAwait(false);
        }
        catch (JournalUnavailableException exception)
        {
            return Problems.Unavailable(exception.Message, exception.RetryAfter);
        }
    });
}
