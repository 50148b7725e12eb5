using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Sampling;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Security;
using PerfPortal.Server.Views;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Live;

/// <summary>The hub's messages as server-sent events, for scripts. A slow client is skipped forward: of what waits only the newest is kept.</summary>
internal static class StreamApi
{
    /// <summary>Maps the route.</summary>
    public static void MapPortalStream(this IEndpointRouteBuilder routes) => routes.MapGet("/stream", Stream).RequireScope(Scope.Read)
        .WithTags("Live").WithSummary("The hub's messages as server-sent events").WithDescription("topics=operations,resources,dashboard; filters source, metric_type, name.");

    private static IResult Stream(HttpContext context, LiveFeed feed, HubMessageWriter writer, ResourceSampler sampler, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context.Request, time);
        string[] topics = (query.Text("topics") ?? "operations").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (topics.Length == 0 || topics.Except(HubBroadcaster.Topics).Any())
        {
            query.AddError("topics", $"topics must name some of {string.Join(", ", HubBroadcaster.Topics)}.");
        }

        var filter = query.Filter();
        return query.IsValid
            ? TypedResults.ServerSentEvents(ListenAsync(feed, writer, sampler, topics, filter, cancellationToken))
            : query.Problem;
    }

    private static async IAsyncEnumerable<SseItem<string>> ListenAsync(
        LiveFeed feed, HubMessageWriter writer, ResourceSampler sampler, string[] topics, SeriesFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var waiting = Channel.CreateBounded<LiveMessage>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        void OnChanged(LiveMessage message) => waiting.Writer.TryWrite(message);
        using var watch = topics.Contains("resources") ? sampler.Watch() : null;
        feed.Changed += OnChanged;
        try
        {
            foreach (string topic in topics)
            {
                if (await writer.WriteAsync(topic, filter, null, cancellationToken).ConfigureAwait(false) is { } snapshot)
                {
                    yield return Event(snapshot);
                }
            }

            long last = -1;
            await foreach (var message in waiting.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                // A gap means that something was dropped: the state as it is now says it all.
                var told = last >= 0 && message.Sequence != last + 1 ? null : message;
                last = message.Sequence;
                foreach (string topic in topics.Where(topic => HubMessageWriter.Concerns(topic, message)))
                {
                    if (await writer.WriteAsync(topic, filter, told, cancellationToken).ConfigureAwait(false) is { } body)
                    {
                        yield return Event(body);
                    }
                }
            }
        }
        finally
        {
            feed.Changed -= OnChanged;
        }
    }

    private static SseItem<string> Event(HubMessage message) => new(JsonSerializer.Serialize(message.Body, message.Body.GetType(), WireJson.Options), message.Method);
}
