using Microsoft.AspNetCore.SignalR;

namespace PerfPortal.Server.Live;

/// <summary>What a client wants to hear of.</summary>
/// <param name="Source">Only this source.</param>
/// <param name="MetricType">Only this metric type, by its wire name.</param>
/// <param name="Name">Only this operation name.</param>
internal sealed record HubFilter(string? Source, string? MetricType, string? Name);

/// <summary>
/// The hub at <c>/hubs/performance</c>. <see cref="Subscribe"/> answers with a snapshot of each topic, so that nothing is missed between
/// REST and hub; messages follow, at most four a second per topic.
/// </summary>
internal sealed class PerformanceHub : Hub
{
    private readonly HubBroadcaster _broadcaster;

    /// <summary>Made by SignalR for each call.</summary>
    public PerformanceHub(HubBroadcaster broadcaster) => _broadcaster = broadcaster;

    /// <summary>Subscribes to topics: <c>operations</c>, <c>resources</c>, <c>alerts</c>, <c>dashboard</c>. Again changes the filter.</summary>
    /// <exception cref="HubException">A topic or a metric type is not known.</exception>
    public Task Subscribe(string[] topics, HubFilter? filter) => _broadcaster.SubscribeAsync(Context, Clients.Caller, topics, filter);

    /// <summary>Takes topics back; none named means all.</summary>
    public Task Unsubscribe(string[]? topics)
    {
        _broadcaster.Unsubscribe(Context.ConnectionId, topics);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        _broadcaster.Unsubscribe(Context.ConnectionId, null);
        return base.OnDisconnectedAsync(exception);
    }
}
