using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Sampling;

namespace PerfPortal.Server.Live;

/// <summary>
/// Hands the live feed to hub clients. Each client and topic has at most one message on its way: while that is not delivered, what happens
/// is not buffered, and the next message is a snapshot. Bounded by <see cref="MostClients"/>.
/// </summary>
internal sealed class HubBroadcaster(
    LiveFeed feed, IHubContext<PerformanceHub> hub, HubMessageWriter writer, ResourceSampler sampler, ILogger<HubBroadcaster> logger) : IHostedService
{
    /// <summary>Topics.</summary>
    public static readonly string[] Topics = ["operations", "resources", "alerts", "dashboard"];

    private const int MostClients = 10_000;

    private readonly ConcurrentDictionary<string, Client> _clients = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        feed.Changed += OnChanged;
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        feed.Changed -= OnChanged;
        return Task.CompletedTask;
    }

    /// <summary>Subscribes a client and sends it the snapshots.</summary>
    public async Task SubscribeAsync(HubCallerContext context, IClientProxy caller, string[] topics, HubFilter? filter)
    {
        var chosen = (topics ?? []).Distinct(StringComparer.Ordinal).ToArray();
        if (chosen.Length == 0 || chosen.Except(Topics).Any())
        {
            throw new HubException($"topics must name some of {string.Join(", ", Topics)}.");
        }

        MetricType? type = null;
        if (filter?.MetricType is { Length: > 0 } name)
        {
            type = MetricTypes.TryParse(name, out var parsed)
                ? parsed
                : throw new HubException($"metric_type must be one of {string.Join(", ", MetricTypes.WireNames)}.");
        }

        if (_clients.Count >= MostClients && !_clients.ContainsKey(context.ConnectionId))
        {
            throw new HubException($"{MostClients} clients are subscribed, the most that the portal serves.");
        }

        var series = new SeriesFilter { Source = Empty(filter?.Source), MetricType = type, Name = Empty(filter?.Name) };
        var client = _clients.GetOrAdd(context.ConnectionId, _ => new Client());
        foreach (string topic in chosen)
        {
            var watch = topic == "resources" ? sampler.Watch() : null;
            client.Set(topic, new Subscription(series, watch));
            await SendAsync(caller, topic, series, null, context.ConnectionAborted).ConfigureAwait(false);
        }

        if (context.ConnectionAborted.IsCancellationRequested)
        {
            Unsubscribe(context.ConnectionId, null);
        }
    }

    /// <summary>Takes topics of a client back; <see langword="null"/> or none means all.</summary>
    public void Unsubscribe(string connectionId, string[]? topics)
    {
        if (!_clients.TryGetValue(connectionId, out var client))
        {
            return;
        }

        foreach (string topic in topics is { Length: > 0 } ? topics : Topics)
        {
            client.Remove(topic);
        }

        if (client.IsEmpty)
        {
            _clients.TryRemove(connectionId, out _);
        }
    }

    private static string? Empty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private void OnChanged(LiveMessage message)
    {
        foreach (var (id, client) in _clients)
        {
            foreach (var (topic, subscription) in client.All)
            {
                if (!HubMessageWriter.Concerns(topic, message))
                {
                    continue;
                }

                if (subscription.TryBegin(out bool skipped))
                {
                    _ = DeliverAsync(hub.Clients.Client(id), topic, subscription, skipped ? null : message);
                }
            }
        }
    }

    private async Task DeliverAsync(IClientProxy client, string topic, Subscription subscription, LiveMessage? message)
    {
        try
        {
            await SendAsync(client, topic, subscription.Filter, message, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            logger.LogDebug(exception, "A hub message of topic {Topic} was not delivered.", topic);
        }
        finally
        {
            subscription.End();
        }
    }

    private async Task SendAsync(IClientProxy client, string topic, SeriesFilter filter, LiveMessage? message, CancellationToken cancellationToken)
    {
        if (await writer.WriteAsync(topic, filter, message, cancellationToken).ConfigureAwait(false) is { } said)
        {
            await client.SendAsync(said.Method, said.Body, cancellationToken).ConfigureAwait(false);
        }
    }

    private sealed class Client
    {
        private readonly ConcurrentDictionary<string, Subscription> _topics = new(StringComparer.Ordinal);

        public IEnumerable<KeyValuePair<string, Subscription>> All => _topics;

        public bool IsEmpty => _topics.IsEmpty;

        public void Set(string topic, Subscription subscription)
        {
            Remove(topic);
            _topics[topic] = subscription;
        }

        public void Remove(string topic)
        {
            if (_topics.TryRemove(topic, out var subscription))
            {
                subscription.Watch?.Dispose();
            }
        }
    }

    private sealed class Subscription(SeriesFilter filter, IDisposable? watch)
    {
        private int _busy;
        private int _skipped;

        public SeriesFilter Filter { get; } = filter;

        public IDisposable? Watch { get; } = watch;

        /// <summary>Begins a message unless one is on its way; then what happens is skipped, and the next message is a snapshot.</summary>
        public bool TryBegin(out bool skipped)
        {
            skipped = false;
            if (Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
            {
                Volatile.Write(ref _skipped, 1);
                return false;
            }

            skipped = Interlocked.Exchange(ref _skipped, 0) != 0;
            return true;
        }

        public void End() => Volatile.Write(ref _busy, 0);
    }
}
