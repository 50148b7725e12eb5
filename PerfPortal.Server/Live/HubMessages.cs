using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Live;

/// <summary>A message to a client.</summary>
/// <param name="Method">The method of the client, or the type of the event.</param>
/// <param name="Body">Its only argument, or the data of the event.</param>
internal sealed record HubMessage(string Method, JsonElement Body)
{
    /// <summary>The message for any number of connections: SignalR serializes it once for each protocol.</summary>
    public SerializedHubMessage ForHub() => new(new InvocationMessage(Method, [Body]));
}

/// <summary><c>OperationsChanged</c>: a coalesced batch.</summary>
/// <param name="Sequence">Grows with every message of the portal; a gap means that messages were skipped.</param>
/// <param name="IsSnapshot">Whether <paramref name="Active"/> starts anew: what came before does not count.</param>
/// <param name="Active">All operations in progress, at most 1,000, when one of them started, reported or ended; null when nothing changed among them.</param>
/// <param name="Finished">Operations that ended since the last message; at most 200.</param>
/// <param name="IsTruncated">Whether more ended than are named.</param>
internal sealed record OperationsChangedMessage(
    long Sequence, bool IsSnapshot, IReadOnlyList<OperationBody>? Active, IReadOnlyList<OperationBody> Finished, bool IsTruncated);

/// <summary><c>ResourceSampled</c>: the newest sample of each host that was sampled.</summary>
/// <param name="Sequence">As in <see cref="OperationsChangedMessage"/>.</param>
/// <param name="IsSnapshot">Whether these are the newest samples of all hosts.</param>
/// <param name="Items">The samples, as in <c>/resources/current</c>.</param>
internal sealed record ResourceSampledMessage(long Sequence, bool IsSnapshot, IReadOnlyList<JsonObject> Items);

/// <summary><c>DashboardChanged</c>: the dashboard has a new ETag; the client fetches it when it wants it.</summary>
/// <param name="Sequence">As in <see cref="OperationsChangedMessage"/>.</param>
/// <param name="IsSnapshot">Whether this answers a subscription.</param>
/// <param name="Dashboard">The dashboard, as <c>GET /dashboard</c> answers it.</param>
internal sealed record DashboardChangedMessage(long Sequence, bool IsSnapshot, JsonNode? Dashboard);
