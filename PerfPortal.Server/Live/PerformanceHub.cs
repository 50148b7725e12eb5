using System.Runtime.Serialization;
using Microsoft.AspNetCore.SignalR;

namespace PerfPortal.Server.Live;

/// <summary>What a client wants to hear of. In MessagePack its members have the same names as in JSON.</summary>
[DataContract]
public sealed class HubFilter
{
    /// <summary>Only this source.</summary>
    [DataMember(Name = "source")]
    public string? Source { get; set; }

    /// <summary>Only this metric type, by its wire name.</summary>
    [DataMember(Name = "metric_type")]
    public string? MetricType { get; set; }

    /// <summary>Only this operation name.</summary>
    [DataMember(Name = "name")]
    public string? Name { get; set; }
}

/// <summary>
/// The hub at <c>/hubs/performance</c>. <see cref="Subscribe"/> answers with a snapshot of each topic, so that nothing is missed between
/// REST and hub; messages follow, at most four a second per topic.
/// </summary>
internal sealed class PerformanceHub : Hub
{
    private readonly HubSubscriptions _subscriptions;

    /// <summary>Made by SignalR for each call.</summary>
    public PerformanceHub(HubSubscriptions subscriptions) => _subscriptions = subscriptions;

    /// <summary>Subscribes to topics: <c>operations</c>, <c>resources</c>, <c>alerts</c>, <c>dashboard</c>. Again changes the filter.</summary>
    /// <exception cref="HubException">A topic or a metric type is not known.</exception>
    public Task Subscribe(string[] topics, HubFilter? filter) =>
        _subscriptions.SubscribeAsync(Context.ConnectionId, topics, filter, Context.ConnectionAborted);

    /// <summary>Takes topics back; none named means all.</summary>
    public Task Unsubscribe(string[]? topics)
    {
        _subscriptions.Unsubscribe(Context.ConnectionId, topics);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(Exception? exception)
    {
        _subscriptions.Unsubscribe(Context.ConnectionId, null);
        return base.OnDisconnectedAsync(exception);
    }
}
