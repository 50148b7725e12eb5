using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;

namespace PerfPortal.Benchmarks.Measuring;

/// <summary>Batches of finished operations as a team's clients report them: 50 names, 8 sources, three metadata values, one failure in forty.</summary>
internal static class SampleBatch
{
    private static readonly string[] Types = ["model_operation", "download_operation", "health_check", "analytics_collection"];

    /// <summary>The id of an operation: a run and a number, so that it can be told later without being remembered.</summary>
    public static Guid IdOf(int run, long number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt32BigEndian(bytes, run);
        bytes[6] = 0x80;
        bytes[8] = 0x80;
        BinaryPrimitives.WriteInt32BigEndian(bytes[9..], (int)(number >> 24));
        bytes[13] = (byte)(number >> 16);
        bytes[14] = (byte)(number >> 8);
        bytes[15] = (byte)number;
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>A JSON array of operations that ended before <paramref name="now"/>, one millisecond after the other.</summary>
    /// <param name="run">What tells these ids from those of another run.</param>
    /// <param name="first">The number of the first.</param>
    /// <param name="count">How many.</param>
    /// <param name="now">The end of the last.</param>
    public static byte[] Write(int run, long first, int count, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>(count * 320);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();
        for (int i = 0; i < count; i++)
        {
            Write(json, run, first + i, now.AddMilliseconds(i - count));
        }

        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, int run, long number, DateTimeOffset end)
    {
        uint mixed = (uint)number * 2654435761u;
        double seconds = Math.Round(0.05 + (mixed % 10_000 / 4_000.0), 6);
        json.WriteStartObject();
        json.WriteString("id", IdOf(run, number));
        json.WriteString("metric_type", Types[mixed % 4]);
        json.WriteString("operation_name", string.Create(CultureInfo.InvariantCulture, $"generate_{mixed % 50}"));
        json.WriteString("source", string.Create(CultureInfo.InvariantCulture, $"worker-{mixed % 8}"));
        json.WriteString("start_time", end.AddSeconds(-seconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
        json.WriteNumber("duration_seconds", seconds);
        json.WriteBoolean("success", mixed % 40 != 0);
        json.WriteStartObject("metadata");
        json.WriteString("model", "base-7b");
        json.WriteNumber("input_tokens", mixed % 900);
        json.WriteNumber("output_tokens", mixed % 300);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
