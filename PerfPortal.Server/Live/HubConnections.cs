using System.Collections.Concurrent;
using Microsoft.AspNetCore.SignalR;

namespace PerfPortal.Server.Live;

/// <summary>Extends SignalR's connection manager to write a message that is serialized once to many connections.</summary>
internal sealed class HubConnections(ILogger<DefaultHubLifetimeManager<PerformanceHub>> logger) : DefaultHubLifetimeManager<PerformanceHub>(logger)
{
    private readonly ConcurrentDictionary<string, HubConnectionContext> _connections = new(StringComparer.Ordinal);

    /// <summary>Returns the connection with this id; <see langword="null"/> when it is closed.</summary>
    public HubConnectionContext? Find(string connectionId) => _connections.GetValueOrDefault(connectionId);

    /// <inheritdoc/>
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        _connections[connection.ConnectionId] = connection;
        return base.OnConnectedAsync(connection);
    }

    /// <inheritdoc/>
    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        _connections.TryRemove(connection.ConnectionId, out _);
        return base.OnDisconnectedAsync(connection);
    }
}
