using System.Runtime.Serialization;
using Microsoft.AspNetCore.SignalR;

namespace PerfPortal.Server.Live;

/// <summary>The filter of a subscription. MessagePack uses the same member names as JSON.</summary>
[DataContract]
public sealed class HubFilter
{
    /// <summary>The source; <see langword="null"/> for all.</summary>
    [DataMember(Name = "source")]
    public string? Source { get; set; }

    /// <summary>The wire name of the metric type; <see langword="null"/> for all.</summary>
    [DataMember(Name = "metric_type")]
    public string? MetricType { get; set; }

    /// <summary>The operation name; <see langword="null"/> for all.</summary>
    [DataMember(Name = "name")]
    public string? Name { get; set; }
}

/// <summary>
/// The hub at <c>/hubs/performance</c>. <see cref="Subscribe"/> sends a snapshot of each topic, so that no change is missed between
/// REST and hub; messages follow, at most four per second and topic.
/// </summary>
internal sealed class PerformanceHub : Hub
{
    private readonly HubSubscriptions _subscriptions;

    /// <summary>Created by SignalR for each call.</summary>
    public PerformanceHub(HubSubscriptions subscriptions) => _subscriptions = subscriptions;

    /// <summary>Subscribes to topics: <c>operations</c>, <c>resources</c>, <c>dashboard</c>. Subscribing again changes the filter.</summary>
    /// <exception cref="HubException">A topic or a metric type is unknown, or the limit of subscriptions is reached.</exception>
    public Task Subscribe(string[] topics, HubFilter? filter) =>
        _subscriptions.SubscribeAsync(Context.ConnectionId, topics, filter, Context.ConnectionAborted);

    /// <summary>Unsubscribes from topics; <see langword="null"/> or an empty array means all.</summary>
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
