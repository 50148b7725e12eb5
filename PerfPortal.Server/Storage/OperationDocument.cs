using System.Buffers;
using System.Text.Json;
using PerfPortal.Domain.Operations;
using OperationStatus = PerfPortal.Domain.Operations.OperationStatus;

namespace PerfPortal.Server.Storage;

/// <summary>
/// The part of an operation that a row does not store in columns, as UTF-8 JSON with short names: <c>m</c> metadata, <c>p</c> progress,
/// <c>r</c> resource usage, <c>t</c> trace id, <c>s</c> span id, <c>u</c> parent id, <c>h</c> last heartbeat (µs), <c>e</c> events.
/// A running operation's document also contains the columns of an ended operation: <c>k</c> metric type, <c>n</c> name, <c>o</c> source, <c>b</c> start (µs).
/// </summary>
internal static class OperationDocument
{
    /// <summary>Serializes the details of an ended operation; <see langword="null"/> if it has none.</summary>
    public static byte[]? WriteDetails(Operation operation)
    {
        bool isPlain = operation.Metadata.Count == 0 && operation.Progress is null && operation.ResourceUsage is null && operation.TraceId is null
            && operation.SpanId is null && operation.ParentId is null && operation.LastHeartbeatAt is null && operation.Events.Count == 0;
        return isPlain ? null : Write(writer => WriteDetails(writer, operation));
    }

    /// <summary>Serializes a running operation, without its id.</summary>
    public static byte[] WriteRunning(Operation operation) => Write(writer =>
    {
        writer.WriteString("k", operation.MetricType.WireName());
        writer.WriteString("n", operation.Name);
        writer.WriteString("o", operation.Source);
        writer.WriteNumber("b", operation.StartTime.ToMicroseconds());
        WriteDetails(writer, operation);
    });

    /// <summary>Returns the operation with the details from a row applied.</summary>
    /// <exception cref="JsonException">The details are corrupt.</exception>
    public static Operation ReadDetails(Operation operation, byte[]? details)
    {
        if (details is null)
        {
            return operation;
        }

        using var document = JsonDocument.Parse(details);
        return ReadDetails(operation, document.RootElement);
    }

    /// <summary>Deserializes a running operation.</summary>
    /// <exception cref="JsonException">The document is corrupt.</exception>
    public static Operation ReadRunning(Guid id, byte[] bytes)
    {
        using var document = JsonDocument.Parse(bytes);
        var root = document.RootElement;
        if (!MetricTypes.TryParse(root.GetProperty("k").GetString(), out var type))
        {
            throw new JsonException("The metric type of a running operation is unknown.");
        }

        return ReadDetails(
            new Operation
            {
                Id = id,
                MetricType = type,
                Name = root.GetProperty("n").GetString()!,
                Source = root.GetProperty("o").GetString()!,
                Status = OperationStatus.Running,
                StartTime = Microseconds.ToTime(root.GetProperty("b").GetInt64()),
            },
            root);
    }

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, new() { SkipValidation = true }))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteDetails(Utf8JsonWriter writer, Operation operation)
    {
        if (operation.Metadata.Count > 0)
        {
            writer.WriteStartObject("m");
            foreach (var (name, value) in operation.Metadata)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        if (operation.Progress is { } progress)
        {
            writer.WriteStartArray("p");
            writer.WriteNumberValue(progress.Done);
            WriteNumberOrNull(writer, progress.Total);
            writer.WriteStringValue(progress.Unit);
            writer.WriteEndArray();
        }

        if (operation.ResourceUsage is { } usage)
        {
            writer.WriteStartObject("r");
            foreach (var (name, value) in usage)
            {
                writer.WriteNumber(name, value);
            }

            writer.WriteEndObject();
        }

        WriteText(writer, "t", operation.TraceId);
        WriteText(writer, "s", operation.SpanId);
        WriteText(writer, "u", operation.ParentId);
        if (operation.LastHeartbeatAt is { } heartbeat)
        {
            writer.WriteNumber("h", heartbeat.ToMicroseconds());
        }

        if (operation.Events.Count > 0)
        {
            writer.WriteStartArray("e");
            foreach (var happened in operation.Events)
            {
                writer.WriteStartArray();
                writer.WriteNumberValue(happened.At.ToMicroseconds());
                writer.WriteStringValue(happened.Kind);
                writer.WriteStringValue(happened.Detail);
                writer.WriteEndArray();
            }

            writer.WriteEndArray();
        }
    }

    private static Operation ReadDetails(Operation operation, JsonElement root) => operation with
    {
        Metadata = root.TryGetProperty("m", out var members)
            ? Metadata.Of(members.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, MetadataValue.From(member.Value))))
            : Metadata.Empty,
        Progress = root.TryGetProperty("p", out var progress)
            ? new Progress(progress[0].GetDouble(), progress[1].ValueKind == JsonValueKind.Null ? null : progress[1].GetDouble(), progress[2].GetString())
            : null,
        ResourceUsage = root.TryGetProperty("r", out var usage)
            ? usage.EnumerateObject().ToDictionary(member => member.Name, member => member.Value.GetDouble(), StringComparer.Ordinal)
            : null,
        TraceId = Text(root, "t"),
        SpanId = Text(root, "s"),
        ParentId = Text(root, "u"),
        LastHeartbeatAt = root.TryGetProperty("h", out var heartbeat) ? Microseconds.ToTime(heartbeat.GetInt64()) : null,
        Events = root.TryGetProperty("e", out var events)
            ? [.. events.EnumerateArray().Select(item => new OperationEvent(Microseconds.ToTime(item[0].GetInt64()), item[1].GetString()!, item[2].GetString()))]
            : [],
    };

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static void WriteText(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static void WriteNumberOrNull(Utf8JsonWriter writer, double? number)
    {
        if (number is { } value)
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
