using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Sampling;

namespace PerfPortal.Server.Live;

/// <summary>The subscriptions of connections to topics, at most <see cref="MaxSubscriptions"/>.</summary>
internal sealed class HubSubscriptions(HubConnections connections, HubMessageWriter writer, ResourceSampler sampler)
{
    private const int MaxSubscriptions = 40_000;

    private readonly ConcurrentDictionary<(string ConnectionId, string Topic), HubListener> _listeners = new();

    /// <summary>All subscriptions.</summary>
    public IEnumerable<HubListener> Listeners => _listeners.Select(item => item.Value);

    /// <summary>Subscribes a connection and sends it a snapshot of each topic. An existing subscription gets the new filter.</summary>
    /// <exception cref="HubException">A topic or a metric type is unknown, or the limit of subscriptions is reached.</exception>
    public async Task SubscribeAsync(string connectionId, string[]? topics, HubFilter? filter, CancellationToken aborted)
    {
        string[] chosen = HubTopics.Choose(topics ?? []) ?? throw new HubException(HubTopics.Error);
        var series = Parse(filter);
        if (connections.Find(connectionId) is not { } connection)
        {
            return;
        }

        try
        {
            foreach (string topic in chosen)
            {
                var listener = Replace(connection, topic, series);
                var snapshot = await writer.WriteAsync(topic, series, null, aborted).ConfigureAwait(false);
                await listener.SendAsync(snapshot?.ForHub()).ConfigureAwait(false);
            }

            // The connection may have closed, and its subscriptions may have been removed, before these were added.
            aborted.ThrowIfCancellationRequested();
        }
        catch
        {
            Unsubscribe(connectionId, chosen);
            throw;
        }
    }

    /// <summary>Removes subscriptions of a connection; <see langword="null"/> or an empty array means all topics.</summary>
    public void Unsubscribe(string connectionId, string[]? topics)
    {
        foreach (string topic in topics is { Length: > 0 } ? topics : HubTopics.All)
        {
            if (_listeners.TryRemove((connectionId, topic), out var listener))
            {
                listener.Dispose();
            }
        }
    }

    private static SeriesFilter Parse(HubFilter? filter)
    {
        MetricType? type = null;
        if (filter?.MetricType is { Length: > 0 } name)
        {
            type = MetricTypes.TryParse(name, out var parsed)
                ? parsed
                : throw new HubException($"metric_type must be one of {string.Join(", ", MetricTypes.WireNames)}.");
        }

        return new() { Source = NullIfEmpty(filter?.Source), MetricType = type, Name = NullIfEmpty(filter?.Name) };
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private HubListener Replace(HubConnectionContext connection, string topic, SeriesFilter filter)
    {
        Unsubscribe(connection.ConnectionId, [topic]);
        if (_listeners.Count >= MaxSubscriptions)
        {
            throw new HubException($"The limit of {MaxSubscriptions} subscriptions is reached.");
        }

        return _listeners[(connection.ConnectionId, topic)] = new(connection, topic, filter, topic == HubTopics.Resources ? sampler.Watch() : null);
    }
}
