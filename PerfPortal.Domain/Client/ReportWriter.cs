using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking.Lanes;

namespace PerfPortal.Domain.Client;

/// <summary>Writes operations in the wire format of the portal, one line of JSON each.</summary>
internal static class ReportWriter
{
    private const int UnitCharacters = 40;
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? t_writer;

    /// <summary>Writes an ended operation as an item of a batch.</summary>
    public static byte[] Ended(Operation operation)
    {
        try
        {
            return WriteEnded(operation);
        }
        catch (ArgumentException)
        {
            return WriteEnded(ValidText.Of(operation));
        }
    }

    /// <summary>Writes a running operation as the body of a start.</summary>
    public static byte[] Started(Operation operation)
    {
        try
        {
            return WriteStarted(operation);
        }
        catch (ArgumentException)
        {
            return WriteStarted(ValidText.Of(operation));
        }
    }

    /// <summary>Writes an update; without progress and members it is a heartbeat.</summary>
    public static byte[] Update(Progress? progress, IReadOnlyList<KeyValuePair<string, MetadataValue>> members)
    {
        try
        {
            return WriteUpdate(progress, members);
        }
        catch (ArgumentException)
        {
            return WriteUpdate(ValidText.Of(progress), [.. members.Select(ValidText.Of)]);
        }
    }

    private static byte[] WriteEnded(Operation operation) => Line(operation, static (writer, operation) =>
    {
        WriteIdentity(writer, operation);
        writer.WriteString("status"u8, operation.Status.WireName());
        writer.WriteString("end_time"u8, operation.EndTime!.Value.UtcDateTime);
        WriteText(writer, "error_type"u8, operation.ErrorType);
        WriteText(writer, "error_message"u8, operation.ErrorMessage);
        WriteProgress(writer, operation.Progress);
        WriteMetadata(writer, operation.Metadata.Members);
        if (operation.ResourceUsage is { Count: > 0 } usage)
        {
            writer.WriteStartObject("resource_usage"u8);
            foreach (var (name, value) in usage)
            {
                if (double.IsFinite(value))
                {
                    writer.WriteNumber(name, value);
                }
            }

            writer.WriteEndObject();
        }
    });

    private static byte[] WriteStarted(Operation operation) => Line(operation, static (writer, operation) =>
    {
        WriteIdentity(writer, operation);
        WriteProgress(writer, operation.Progress);
        WriteMetadata(writer, operation.Metadata.Members);
    });

    private static byte[] WriteUpdate(Progress? progress, IReadOnlyList<KeyValuePair<string, MetadataValue>> members) => Line((progress, members), static (writer, update) =>
    {
        WriteProgress(writer, update.progress);
        WriteMetadata(writer, [.. update.members]);
    });

    /// <summary>Writes an object without line breaks.</summary>
    public static byte[] Line<T>(T value, Action<Utf8JsonWriter, T> writeMembers)
    {
        var buffer = t_buffer ??= new(1024);
        var writer = t_writer ??= new(buffer, Compact);
        buffer.ResetWrittenCount();
        writer.Reset();
        writer.WriteStartObject();
        writeMembers(writer, value);
        writer.WriteEndObject();
        writer.Flush();
        byte[] line = buffer.WrittenSpan.ToArray();

        // JSON of the host can have line breaks between its tokens, never inside of them.
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        return line;
    }

    private static void WriteIdentity(Utf8JsonWriter writer, Operation operation)
    {
        writer.WriteString("id"u8, operation.Id);
        writer.WriteString("metric_type"u8, operation.MetricType.WireName());
        writer.WriteString("operation_name"u8, operation.Name);
        writer.WriteString("source"u8, operation.Source);
        writer.WriteString("start_time"u8, operation.StartTime.UtcDateTime);
        WriteText(writer, "trace_id"u8, operation.TraceId);
        WriteText(writer, "span_id"u8, operation.SpanId);
        WriteText(writer, "parent_id"u8, operation.ParentId);
    }

    private static void WriteText(Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static void WriteProgress(Utf8JsonWriter writer, Progress? progress)
    {
        if (progress is not { } reported)
        {
            return;
        }

        writer.WriteStartObject("progress"u8);
        writer.WriteNumber("done"u8, reported.Done);
        if (reported.Total is { } total)
        {
            writer.WriteNumber("total"u8, total);
        }

        // A longer unit would cost the whole operation.
        WriteText(writer, "unit"u8, TrackedText.Cut(reported.Unit, UnitCharacters));
        writer.WriteEndObject();
    }

    private static void WriteMetadata(Utf8JsonWriter writer, ReadOnlySpan<KeyValuePair<string, MetadataValue>> members)
    {
        if (members.IsEmpty)
        {
            return;
        }

        writer.WriteStartObject("metadata"u8);
        foreach (ref readonly var member in members)
        {
            // A member without a name would cost the whole operation.
            if (member.Key.Length > 0)
            {
                writer.WritePropertyName(member.Key);
                member.Value.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }
}
