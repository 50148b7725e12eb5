using PerfPortal.Domain.Journal;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>Answers a report that cannot be stored now with a 503 that gives the time after which to send it again.</summary>
internal static class JournalFilter
{
    /// <summary>Puts the filter around every endpoint of a group.</summary>
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
