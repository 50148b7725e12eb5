using System.Text;
using System.Text.Json;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Decodes batch items directly from UTF-8, without a document or temporary strings. It produces the same values as
/// <see cref="OperationBodies.TryReadEnded"/> but declines unusual items and items with a value of
/// the wrong type; that method reads them and reports every error. Not thread-safe: use one decoder per batch.
/// </summary>
internal sealed class ItemDecoder
{
    // A longer value is invalid or will be truncated, so the size of the item is checked before a string is created.
    private const int MaxTextBytes = 64 * 1024;

    // Names and metadata keys have few distinct values, unlike metadata values, so each has its own cache.
    private static readonly SharedTexts Names = new(places: 4096, maxBytes: 256);
    private static readonly SharedTexts Values = new(places: 4096, maxBytes: 64);

    private readonly KeyValuePair<string, MetadataValue>[] _metadata = new KeyValuePair<string, MetadataValue>[OperationLimits.MetadataMembers];

    /// <summary>Reads the object at the reader's position and advances the reader to its end.</summary>
    /// <param name="reader">A reader over valid UTF-8 without escaped lone surrogates in the object.</param>
    /// <param name="text">The reader's input, from its first byte.</param>
    /// <param name="draft">The decoded item; its metadata is valid until the next call.</param>
    /// <returns><see langword="false"/> when <see cref="OperationBodies"/> has to read the item; the reader is then at an arbitrary position within it.</returns>
    /// <exception cref="JsonException">The text is not valid JSON.</exception>
    public bool TryRead(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, out ReportDraft draft)
    {
        draft = default;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        int seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueIsEscaped)
            {
                return false;
            }

            var member = ItemNames.Member(reader.ValueSpan);
            reader.Read();
            if (member == ItemMember.None)
            {
                reader.Skip();
                continue;
            }

            if ((seen & (1 << (int)member)) != 0)
            {
                return false;
            }

            seen |= 1 << (int)member;
            if (reader.TokenType != JsonTokenType.Null && !TryRead(ref reader, text, member, ref draft))
            {
                return false;
            }
        }

        return true;
    }

    private bool TryRead(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, ItemMember member, ref ReportDraft draft)
    {
        switch (member)
        {
            case ItemMember.Metadata:
                return TryReadMetadata(ref reader, text, ref draft);
            case ItemMember.ResourceUsage:
                return TryReadResourceUsage(ref reader, ref draft);
            case ItemMember.Success:
                draft.Success = reader.TokenType == JsonTokenType.True;
                return reader.TokenType is JsonTokenType.True or JsonTokenType.False;
            case ItemMember.DurationSeconds:
                bool isNumber = TryNumber(ref reader, out double seconds);
                draft.DurationSeconds = seconds;
                return isNumber;
            case ItemMember.Progress:
                return false;
            case ItemMember.StartTime when reader.TokenType == JsonTokenType.Number:
                return (draft.StartTime = UnixTimeOf(reader.ValueSpan)) is not null;
            case ItemMember.EndTime when reader.TokenType == JsonTokenType.Number:
                return (draft.EndTime = UnixTimeOf(reader.ValueSpan)) is not null;
            default:
                return reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= MaxTextBytes && TryReadText(ref reader, member, ref draft);
        }
    }

    private static bool TryReadText(ref Utf8JsonReader reader, ItemMember member, ref ReportDraft draft)
    {
        switch (member)
        {
            case ItemMember.OperationName:
                draft.Name = Text(ref reader, Names);
                return true;
            case ItemMember.Source:
                draft.Source = Text(ref reader, Names);
                return true;
            case ItemMember.ErrorType:
                draft.ErrorType = Text(ref reader, Names);
                return true;
            case ItemMember.ErrorMessage:
                draft.ErrorMessage = Text(ref reader, Values);
                return true;
            case ItemMember.TraceId:
                draft.TraceId = reader.GetString();
                return true;
            case ItemMember.SpanId:
                draft.SpanId = reader.GetString();
                return true;
            case ItemMember.ParentId:
                draft.ParentId = reader.GetString();
                return true;
        }

        if (reader.ValueIsEscaped)
        {
            return false;
        }

        var value = reader.ValueSpan;
        return member switch
        {
            ItemMember.Id => (draft.Id = ItemNames.Id(value)) is not null,
            ItemMember.MetricType => (draft.MetricType = ItemNames.Type(value)) is not null,
            ItemMember.Status => (draft.Status = ItemNames.Outcome(value)) is not null,
            ItemMember.StartTime => (draft.StartTime = Time(value)) is not null,
            ItemMember.EndTime => (draft.EndTime = Time(value)) is not null,
            _ => false,
        };
    }

    private bool TryReadMetadata(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, ref ReportDraft draft)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        long begin = reader.TokenStartIndex;
        int count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (count == _metadata.Length || reader.ValueIsEscaped || reader.ValueSpan.Length > MaxTextBytes)
            {
                return false;
            }

            string name = Names.Get(reader.ValueSpan);
            reader.Read();
            if (!TryValue(ref reader, text, out var value))
            {
                return false;
            }

            _metadata[count++] = new(name, value);
        }

        draft.Metadata = _metadata.AsMemory(0, count);
        draft.MetadataBytes = reader.BytesConsumed - begin;
        return true;
    }

    private static bool TryValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, out MetadataValue value)
    {
        value = default;
        switch (reader.TokenType)
        {
            case JsonTokenType.String when reader.ValueSpan.Length <= MaxTextBytes:
                value = MetadataValue.From(Text(ref reader, Values));
                return true;
            case JsonTokenType.Number when reader.TryGetInt64(out long whole) && !MetadataValue.IsNegativeZero(whole, reader.ValueSpan):
                value = MetadataValue.From(whole);
                return true;
            case JsonTokenType.Number:
                bool isNumber = TryNumber(ref reader, out double number) && reader.ValueSpan.Length <= MaxTextBytes;
                value = isNumber ? MetadataValue.FromNumber(reader.ValueSpan, number) : default;
                return isNumber;
            case JsonTokenType.True or JsonTokenType.False:
                value = MetadataValue.From(reader.TokenType == JsonTokenType.True);
                return true;
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                int begin = (int)reader.TokenStartIndex;
                reader.Skip();
                int length = (int)reader.BytesConsumed - begin;
                value = length <= MaxTextBytes ? MetadataValue.FromJson(Encoding.UTF8.GetString(text.Slice(begin, length))) : default;
                return length <= MaxTextBytes;
            default:
                return reader.TokenType == JsonTokenType.Null;
        }
    }

    private static bool TryReadResourceUsage(ref Utf8JsonReader reader, ref ReportDraft draft)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        var usage = new Dictionary<string, double>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (usage.Count == OperationLimits.ResourceUsageMembers || reader.ValueIsEscaped || reader.ValueSpan.Length > MaxTextBytes)
            {
                return false;
            }

            string name = Names.Get(reader.ValueSpan);
            reader.Read();
            if (!TryNumber(ref reader, out double value) || !usage.TryAdd(name, value))
            {
                return false;
            }
        }

        draft.ResourceUsage = usage.Count == 0 ? null : usage;
        return true;
    }

    private static string Text(ref Utf8JsonReader reader, SharedTexts texts) => reader.ValueIsEscaped ? reader.GetString()! : texts.Get(reader.ValueSpan);

    private static DateTimeOffset? Time(ReadOnlySpan<byte> value) => Rfc3339.TryParse(value, out var time) ? time : UnixTimeOf(value);

    private static DateTimeOffset? UnixTimeOf(ReadOnlySpan<byte> value) => UnixTime.TryParse(value, out var time) ? time : null;

    private static bool TryNumber(ref Utf8JsonReader reader, out double number)
    {
        number = 0;
        return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out number) && double.IsFinite(number);
    }
}
