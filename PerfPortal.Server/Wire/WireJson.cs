using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Wire;

/// <summary>The JSON format of the portal: snake_case members, RFC 3339 UTC times with microseconds, enumerations by wire name.</summary>
internal static class WireJson
{
    /// <summary>The format of times.</summary>
    public const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.ffffffZ";

    // The deepest metadata that a report can have is nested in lists and messages.
    private const int MaxDepth = 128;

    /// <summary>The options for every response.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new(JsonSerializerDefaults.Web));

    /// <summary>Applies the portal's conventions to <paramref name="options"/>.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DictionaryKeyPolicy = null;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = MaxDepth;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new TimeConverter());
        options.Converters.Add(new MetadataConverter());
        options.Converters.Add(new TimeRangeConverter());
        options.Converters.Add(new NamedConverter<MetricType>(MetricTypes.WireName));
        options.Converters.Add(new NamedConverter<OperationStatus>(OperationStatuses.WireName));
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        return options;
    }

    /// <summary>Formats a time.</summary>
    public static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private sealed class TimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset().ToUniversalTime();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Text(value));
    }

    private sealed class NamedConverter<T>(Func<T, string> name) : JsonConverter<T>
        where T : struct, Enum
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            string? text = reader.GetString();
            foreach (var value in Enum.GetValues<T>())
            {
                if (name(value) == text)
                {
                    return value;
                }
            }

            throw new JsonException($"{text} is not a known name.");
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(name(value));

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WritePropertyName(name(value));
    }

    private sealed class TimeRangeConverter : JsonConverter<TimeRange>
    {
        public override TimeRange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Time ranges are only written.");

        public override void Write(Utf8JsonWriter writer, TimeRange value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("from", Text(value.From));
            writer.WriteString("to", Text(value.To));
            writer.WriteEndObject();
        }
    }

    private sealed class MetadataConverter : JsonConverter<Metadata>
    {
        public override Metadata Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return Metadata.Of(document.RootElement.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, MetadataValue.From(member.Value))));
        }

        public override void Write(Utf8JsonWriter writer, Metadata value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (key, member) in value)
            {
                writer.WritePropertyName(key);
                member.WriteTo(writer);
            }

            writer.WriteEndObject();
        }
    }
}
