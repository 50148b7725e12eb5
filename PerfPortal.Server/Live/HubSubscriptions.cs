using Microsoft.AspNetCore.SignalR;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Sampling;

namespace PerfPortal.Server.Live;

/// <summary>Which connection listens to what. Bounded by <see cref="MaxClients"/>.</summary>
internal sealed class HubSubscriptions(HubConnections connections, HubMessageWriter writer, ResourceSampler sampler)
{
    private const int MaxClients = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Dictionary<string, HubListener>> _clients = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Topic, SeriesFilter Filter), HubAudience> _audiences = [];

    /// <summary>Every topic and filter that somebody listens to.</summary>
    public HubAudience[] Audiences
    {
        get
        {
            lock (_lock)
            {
                return [.. _audiences.Values];
            }
        }
    }

    /// <summary>Subscribes a connection and sends it the snapshots.</summary>
    /// <exception cref="HubException">A topic or a metric type is not known, or too many clients are subscribed.</exception>
    public async Task SubscribeAsync(string connectionId, string[]? topics, HubFilter? filter, CancellationToken aborted)
    {
        string[] chosen = [.. (topics ?? []).Distinct(StringComparer.Ordinal)];
        if (chosen.Length == 0 || chosen.Except(HubBroadcaster.Topics).Any())
        {
            throw new HubException($"topics must name some of {string.Join(", ", HubBroadcaster.Topics)}.");
        }

        var series = Read(filter);
        if (connections.Find(connectionId) is not { } connection)
        {
            return;
        }

        foreach (string topic in chosen)
        {
            var listener = Add(connection, topic, series);
            try
            {
                if (await writer.WriteAsync(topic, series, null, aborted).ConfigureAwait(false) is { } said)
                {
                    await SendFirstAsync(listener, new(said)).ConfigureAwait(false);
                }

                listener.End();
            }
            catch
            {
                Unsubscribe(connectionId, [topic]);
                throw;
            }
        }

        // It may have ended before it was added; then nobody else takes it away.
        if (aborted.IsCancellationRequested)
        {
            Unsubscribe(connectionId, null);
        }
    }

    /// <summary>Takes topics of a connection back; <see langword="null"/> or none means all.</summary>
    public void Unsubscribe(string connectionId, string[]? topics)
    {
        lock (_lock)
        {
            if (!_clients.TryGetValue(connectionId, out var client))
            {
                return;
            }

            foreach (string topic in topics is { Length: > 0 } ? topics : HubBroadcaster.Topics)
            {
                Remove(client, topic);
            }

            if (client.Count == 0)
            {
                _clients.Remove(connectionId);
            }
        }
    }

    /// <summary>
    /// Where the snapshot goes everything goes that follows it, so that nothing overtakes it: below the WebSocket, or, when something else is
    /// being written there just now, through SignalR.
    /// </summary>
    private static async Task SendFirstAsync(HubListener listener, HubPush snapshot)
    {
        var lane = listener.Connection.GetHttpContext()?.Features.Get<FrameLane>();
        if (lane is not null && snapshot.TryWrite(listener.Connection, lane, out var writing))
        {
            listener.Lane = lane;
        }
        else
        {
            snapshot.TryWrite(listener.Connection, null, out writing);
        }

        await writing.ConfigureAwait(false);
    }

    private static SeriesFilter Read(HubFilter? filter)
    {
        MetricType? type = null;
        if (filter?.MetricType is { Length: > 0 } name)
        {
            type = MetricTypes.TryParse(name, out var parsed)
                ? parsed
                : throw new HubException($"metric_type must be one of {string.Join(", ", MetricTypes.WireNames)}.");
        }

        return new() { Source = Empty(filter?.Source), MetricType = type, Name = Empty(filter?.Name) };
    }

    private static string? Empty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private HubListener Add(HubConnectionContext connection, string topic, SeriesFilter filter)
    {
        lock (_lock)
        {
            if (!_clients.TryGetValue(connection.ConnectionId, out var client))
            {
                _clients[connection.ConnectionId] = client = _clients.Count < MaxClients
                    ? new(StringComparer.Ordinal)
                    : throw new HubException($"{MaxClients} clients are subscribed, the most that the portal serves.");
            }

            Remove(client, topic);
            if (!_audiences.TryGetValue((topic, filter), out var audience))
            {
                _audiences[(topic, filter)] = audience = new(topic, filter);
            }

            var listener = new HubListener(connection, audience, topic == "resources" ? sampler.Watch() : null);
            client[topic] = listener;
            audience.Add(listener);
            return listener;
        }
    }

    private void Remove(Dictionary<string, HubListener> client, string topic)
    {
        if (client.Remove(topic, out var listener))
        {
            listener.Dispose();
            if (listener.Audience.Remove(listener))
            {
                _audiences.Remove((topic, listener.Audience.Filter));
            }
        }
    }
}
