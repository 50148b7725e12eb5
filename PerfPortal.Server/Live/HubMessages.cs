using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Live;

/// <summary>A message to a client.</summary>
/// <param name="Method">The client method, or the event type of the stream.</param>
/// <param name="Body">The only argument of the method, or the data of the event.</param>
internal sealed record HubMessage(string Method, JsonElement Body)
{
    /// <summary>Creates the hub message for any number of connections; SignalR serializes it once per protocol.</summary>
    public SerializedHubMessage ForHub() => new(new InvocationMessage(Method, [Body]));
}

/// <summary><c>OperationsChanged</c>: a coalesced batch of changes.</summary>
/// <param name="Sequence">The sequence number, incremented with every message of the portal; a gap means that messages were skipped.</param>
/// <param name="IsSnapshot">Whether this is a snapshot, which replaces the client's state.</param>
/// <param name="Active">All running operations, at most 1,000, when any of them started, reported or completed; null when none changed.</param>
/// <param name="Finished">Operations that completed since the previous message, at most 200.</param>
/// <param name="IsTruncated">Whether more operations completed than are listed.</param>
internal sealed record OperationsChangedMessage(
    long Sequence, bool IsSnapshot, IReadOnlyList<OperationBody>? Active, IReadOnlyList<OperationBody> Finished, bool IsTruncated);

/// <summary><c>ResourceSampled</c>: the newest sample of each sampled host.</summary>
/// <param name="Sequence">As in <see cref="OperationsChangedMessage"/>.</param>
/// <param name="IsSnapshot">Whether these are the newest samples of all hosts.</param>
/// <param name="Items">The samples, as in <c>/resources/current</c>.</param>
internal sealed record ResourceSampledMessage(long Sequence, bool IsSnapshot, IReadOnlyList<JsonObject> Items);

/// <summary><c>DashboardChanged</c>: the dashboard has changed.</summary>
/// <param name="Sequence">As in <see cref="OperationsChangedMessage"/>.</param>
/// <param name="IsSnapshot">Whether this is the initial message of a subscription.</param>
/// <param name="Dashboard">The dashboard, as returned by <c>GET /dashboard</c>.</param>
internal sealed record DashboardChangedMessage(long Sequence, bool IsSnapshot, JsonNode? Dashboard);

/// <summary><c>AlertChanged</c>: alerts have changed.</summary>
/// <param name="Sequence">As in <see cref="OperationsChangedMessage"/>.</param>
/// <param name="IsSnapshot">Whether this is a snapshot, which replaces the client's state.</param>
/// <param name="Items">All alerts that are pending, firing or without data, at most 1,000, as in <c>/alerts</c> but without messages.</param>
/// <param name="Resolved">The alerts that resolved within the last hour, at most 1,000.</param>
internal sealed record AlertChangedMessage(long Sequence, bool IsSnapshot, IReadOnlyList<AlertBody> Items, IReadOnlyList<AlertBody> Resolved);
