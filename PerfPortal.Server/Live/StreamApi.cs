using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Sampling;
using PerfPortal.Server.Security;
using PerfPortal.Server.Views;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Live;

/// <summary>The messages of the hub as server-sent events, for scripts. A slow client skips messages and receives a snapshot next.</summary>
internal static class StreamApi
{
    /// <summary>Maps the route.</summary>
    public static void MapPortalStream(this IEndpointRouteBuilder routes) => routes.MapGet("/stream", Stream).RequireScope(Scope.Read)
        .WithTags("Live").WithSummary("Stream hub messages as server-sent events").WithDescription("Parameters: topics (for example operations,resources,dashboard). Filters: source, metric_type, name.");

    private static IResult Stream(HttpContext context, LiveFeed feed, HubMessageWriter writer, ResourceSampler sampler, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request, time);
        string[]? topics = HubTopics.Choose((query.Text("topics") ?? "operations").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        if (topics is null)
        {
            query.AddError("topics", HubTopics.Error);
        }

        var filter = query.Filter();
        return topics is not null && query.IsValid
            ? TypedResults.ServerSentEvents(ListenAsync(feed, writer, sampler, topics, filter, cancellationToken))
            : query.Problem;
    }

    private static async IAsyncEnumerable<SseItem<string>> ListenAsync(
        LiveFeed feed, HubMessageWriter writer, ResourceSampler sampler, string[] topics, SeriesFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var watch = topics.Contains(HubTopics.Resources) ? sampler.Watch() : null;
        await foreach (var message in feed.ReadMessagesAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (string topic in topics.Where(topic => HubMessageWriter.Concerns(topic, message)))
            {
                if (await writer.WriteAsync(topic, filter, message, cancellationToken).ConfigureAwait(false) is { } next)
                {
                    yield return new(next.Body.GetRawText(), next.Method);
                }
            }
        }
    }
}
