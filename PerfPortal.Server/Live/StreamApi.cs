using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Sampling;
using PerfPortal.Server.Security;
using PerfPortal.Server.Views;
using PerfPortal.Server.Wire;
using PerfPortal.Server.Wire.Parameters;

namespace PerfPortal.Server.Live;

/// <summary>The messages of the hub as server-sent events, for scripts. A slow client skips messages and receives a snapshot next.</summary>
internal static class StreamApi
{
    private static readonly NamesParameter Topics = new("topics", "Topic", HubTopics.All, [HubTopics.Operations])
    {
        Description = "The topics, separated by commas.",
        Example = "operations,resources",
    };

    /// <summary>Maps the route.</summary>
    public static void MapPortalStream(this IEndpointRouteBuilder routes) => routes.MapGet("/stream", Stream).RequireScope(Scope.Read)
        .WithName("StreamChanges").WithTags("Live").WithParameters(Topics, SeriesParameters.All).Produces<string>(contentType: "text/event-stream")
        .WithSummary("Stream changes as server-sent events")
        .WithDescription("Begins with a snapshot of each topic and continues until the client disconnects. The event types are those of the hub: OperationsChanged, ResourceSampled, DashboardChanged, AlertChanged.");

    private static IResult Stream(HttpContext context, LiveFeed feed, HubMessageWriter writer, ResourceSampler sampler, TimeProvider time, CancellationToken cancellationToken)
    {
        var query = new QueryReader(context, time);
        var topics = query.Read(Topics);
        var filter = query.Read(SeriesParameters.All);
        return query.IsValid
            ? TypedResults.ServerSentEvents(ListenAsync(feed, writer, sampler, topics, filter, cancellationToken))
            : query.Problem;
    }

    private static async IAsyncEnumerable<SseItem<string>> ListenAsync(
        LiveFeed feed, HubMessageWriter writer, ResourceSampler sampler, IReadOnlyList<string> topics, SeriesFilter filter, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var watch = topics.Contains(HubTopics.Resources) ? sampler.Watch() : null;
        await foreach (var message in feed.ReadMessagesAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (string topic in topics.Where(topic => HubMessageWriter.Concerns(topic, message)))
            {
                if (await WriteAsync(writer, topic, filter, message, cancellationToken).ConfigureAwait(false) is { } next)
                {
                    yield return new(next.Body.GetRawText(), next.Method);
                }
            }
        }
    }

    /// <summary>Composes a message; <see langword="null"/> if there is none, or if the portal is too busy: the next one has the current figures.</summary>
    private static async Task<HubMessage?> WriteAsync(HubMessageWriter writer, string topic, SeriesFilter filter, LiveMessage? message, CancellationToken cancellationToken)
    {
        try
        {
            return await writer.WriteAsync(topic, filter, message, cancellationToken).ConfigureAwait(false);
        }
        catch (PortalBusyException)
        {
            return null;
        }
    }
}
