using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace PerfPortal.Domain.Operations;

/// <summary>
/// The size of metadata as the portal writes it. It is limited in addition to the size as sent, so that exported metadata is within the limit when it is imported.
/// </summary>
public static class MetadataSize
{
    private static readonly JsonWriterOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Returns the number of UTF-8 bytes as compact JSON; 0 for metadata that is certainly within the limit.</summary>
    public static int Of(Metadata metadata)
    {
        if (!MayExceedLimit(metadata))
        {
            return 0;
        }

        using var writer = new Utf8JsonWriter(new ArrayBufferWriter<byte>(OperationLimits.MetadataBytes), AsWritten);
        writer.WriteStartObject();
        foreach (var (name, value) in metadata)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
        return (int)(writer.BytesCommitted + writer.BytesPending);
    }

    /// <summary>Validates metadata after a report was merged into it.</summary>
    /// <returns>An error message that contains the field and the limit; <see langword="null"/> when it is valid.</returns>
    public static string? Check(Metadata merged) =>
        merged.Count > OperationLimits.MetadataMembers ? $"metadata would have more than {OperationLimits.MetadataMembers} members."
        : Of(merged) is var bytes and > OperationLimits.MetadataBytes ? $"metadata would have {bytes} bytes; at most {OperationLimits.MetadataBytes} are accepted."
        : null;

    private static bool MayExceedLimit(Metadata metadata)
    {
        // A character takes six bytes at most; a number and the punctuation of a member take fewer than 32.
        long most = 0;
        foreach (var (name, value) in metadata)
        {
            most += (6L * (name.Length + (value.Text?.Length ?? 0))) + 32;
        }

        return most > OperationLimits.MetadataBytes;
    }
}
