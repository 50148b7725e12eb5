using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Live;

/// <summary>
/// One message as bytes, serialized once for each protocol that somebody listens with, however many listen. Its members are the same in
/// JSON and in MessagePack.
/// </summary>
internal sealed class HubPush(HubMessage message)
{
    private readonly byte[] _body = JsonSerializer.SerializeToUtf8Bytes(message.Body, message.Body.GetType(), WireJson.Options);
    private Bytes? _json;
    private Bytes? _other;

    /// <summary>
    /// Writes it to a connection: as a ready frame below the WebSocket where that is possible, which skips SignalR's pipe, its task that
    /// empties it and the WebSocket's copy; else through SignalR. Not thread-safe: one push is written by one thread.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="lane">Its lane, or <see langword="null"/>.</param>
    /// <param name="writing">Completes when the connection has taken it.</param>
    /// <returns>Whether it is written; a lane on which something else is being written just now takes nothing.</returns>
    public bool TryWrite(HubConnectionContext connection, FrameLane? lane, out ValueTask writing)
    {
        var bytes = For(connection.Protocol);
        if (lane is not null)
        {
            return lane.TryWrite(bytes.Frame, out writing);
        }

        writing = connection.WriteAsync(bytes.Message, CancellationToken.None);
        return true;
    }

    private Bytes For(IHubProtocol protocol)
    {
        if (protocol is JsonHubProtocol)
        {
            return _json ??= new(protocol, Json(message.Method, _body));
        }

        return _other is { } other && other.Protocol == protocol.Name ? other : _other = new(protocol, protocol.GetMessageBytes(Invocation()));
    }

    /// <summary>The frame of an invocation in SignalR's JSON protocol, around a body that is JSON already.</summary>
    internal static byte[] Json(string method, ReadOnlySpan<byte> body)
    {
        const byte RecordSeparator = 0x1e;
        var bytes = new ArrayBufferWriter<byte>(body.Length + method.Length + 48);
        bytes.Write("{\"type\":1,\"target\":"u8);
        bytes.Write(JsonSerializer.SerializeToUtf8Bytes(method));
        bytes.Write(",\"arguments\":["u8);
        bytes.Write(body);
        bytes.Write("]}"u8);
        bytes.Write([RecordSeparator]);
        return bytes.WrittenSpan.ToArray();
    }

    private InvocationMessage Invocation()
    {
        using var document = JsonDocument.Parse(_body);
        return new(message.Method, [Plain(document.RootElement)]);
    }

    private static object? Plain(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().ToDictionary(member => member.Name, member => Plain(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Select(Plain).ToArray(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out long whole) ? whole : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    private sealed class Bytes(IHubProtocol protocol, ReadOnlyMemory<byte> bytes)
    {
        public string Protocol { get; } = protocol.Name;

        public byte[] Frame { get; } = FrameLane.Frame(bytes.Span, protocol.TransferFormat == TransferFormat.Text);

        public SerializedHubMessage Message { get; } = new([new SerializedMessage(protocol.Name, bytes)]);
    }
}
