using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Wire;
using OperationStatus = PerfPortal.Domain.Operations.OperationStatus;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Reads operations that have ended straight from UTF-8: no document, no text that is thrown away. It takes only what is entirely
/// in order and means by it what <see cref="OperationBodies.ReadEnded"/> means; whatever is odd it declines, and that one, which
/// names every mistake, reads it. Not safe for concurrent use: one decoder a batch.
/// </summary>
/// <param name="defaultSource">The source of operations that name none.</param>
internal sealed class ItemDecoder(string defaultSource)
{
    private const int IdsAtOnce = 64;
    private static readonly TimeSpan AgreementTolerance = TimeSpan.FromMilliseconds(1);

    // Names and metadata keys are bounded in number by nature; values are not, so they do not compete for the same places.
    private static readonly SharedTexts Names = new(places: 4096, maxBytes: 256);
    private static readonly SharedTexts Values = new(places: 4096, maxBytes: 64);

    private readonly KeyValuePair<string, MetadataValue>[] _metadata = new KeyValuePair<string, MetadataValue>[OperationLimits.MetadataMembers];
    private IdBlock _ids;

    /// <summary>Reads the object at whose begin the reader stands, and leaves the reader at its end.</summary>
    /// <param name="reader">A reader over valid UTF-8 that escapes no half of a surrogate pair within the object.</param>
    /// <param name="text">What the reader reads, from its first byte.</param>
    /// <returns><see langword="null"/> when the item has to be read by <see cref="OperationBodies"/>; the reader then stands somewhere within.</returns>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public Operation? TryRead(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        var item = default(Item);
        int seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueIsEscaped)
            {
                return null;
            }

            var member = ItemWords.Member(reader.ValueSpan);
            reader.Read();
            if (member == ItemMember.None)
            {
                reader.Skip();
                continue;
            }

            if ((seen & (1 << (int)member)) != 0)
            {
                return null;
            }

            seen |= 1 << (int)member;
            if (reader.TokenType != JsonTokenType.Null && !Take(ref reader, text, member, ref item))
            {
                return null;
            }
        }

        return Make(ref item);
    }

    private bool Take(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, ItemMember member, ref Item item)
    {
        switch (member)
        {
            case ItemMember.Metadata:
                return TakeMetadata(ref reader, text, ref item);
            case ItemMember.ResourceUsage:
                return TakeResourceUsage(ref reader, ref item);
            case ItemMember.Success:
                item.Success = reader.TokenType == JsonTokenType.True;
                return reader.TokenType is JsonTokenType.True or JsonTokenType.False;
            case ItemMember.DurationSeconds:
                return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double seconds)
                    && seconds >= 0 && seconds <= OperationLimits.MaxDuration.TotalSeconds && (item.Duration = Microseconds.FromSeconds(seconds)) is not null;
            case ItemMember.Progress:
                return false;
        }

        if (reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        switch (member)
        {
            case ItemMember.OperationName:
                return TryText(ref reader, Names, OperationLimits.NameCharacters, out item.Name) && !string.IsNullOrWhiteSpace(item.Name);
            case ItemMember.Source:
                return TryText(ref reader, Names, OperationLimits.SourceCharacters, out item.Source) && item.Source != PortalSource.Name;
            case ItemMember.ErrorType:
                return TryText(ref reader, Names, OperationLimits.ErrorTypeCharacters, out item.ErrorType);
            case ItemMember.ErrorMessage:
                return TryText(ref reader, Values, int.MaxValue, out item.ErrorMessage);
        }

        if (reader.ValueIsEscaped)
        {
            return false;
        }

        var value = reader.ValueSpan;
        return member switch
        {
            ItemMember.Id => Utf8Values.TryReadUuid(value, out item.Id) && (item.HasId = true),
            ItemMember.MetricType => (item.Type = ItemWords.Type(value)) is not null,
            ItemMember.Status => (item.Status = ItemWords.Outcome(value)) is not null,
            ItemMember.StartTime => Utf8Values.TryReadTime(value, out item.Start) && (item.HasStart = true),
            ItemMember.EndTime => Utf8Values.TryReadTime(value, out item.End) && (item.HasEnd = true),
            ItemMember.TraceId => (item.TraceId = Utf8Values.ReadHex(value, 32)) is not null,
            ItemMember.SpanId => (item.SpanId = Utf8Values.ReadHex(value, 16)) is not null,
            ItemMember.ParentId => (item.ParentId = Utf8Values.ReadParent(value)) is not null,
            _ => false,
        };
    }

    /// <summary>The members go into a table of the decoder, without doubles, nulls and all; they are copied once, when their number is known.</summary>
    private bool TakeMetadata(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, ref Item item)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        long begin = reader.TokenStartIndex;
        int count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (count == OperationLimits.MetadataMembers || reader.ValueIsEscaped)
            {
                return false;
            }

            string name = Names.Get(reader.ValueSpan);
            if (name.Length is 0 or > OperationLimits.MetadataKeyCharacters || IsThere(name, count))
            {
                return false;
            }

            reader.Read();
            if (!TryValue(ref reader, text, out var value))
            {
                return false;
            }

            _metadata[count++] = new(name, value);
        }

        item.MetadataCount = count;
        return reader.BytesConsumed - begin <= OperationLimits.MetadataBytes;
    }

    private bool IsThere(string name, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (_metadata[i].Key == name)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, out MetadataValue value)
    {
        value = default;
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                value = MetadataValue.From(reader.ValueIsEscaped ? reader.GetString() : Values.Get(reader.ValueSpan));
                return true;
            case JsonTokenType.Number when reader.TryGetInt64(out long whole):
                value = MetadataValue.From(whole);
                return true;
            case JsonTokenType.Number:
                value = reader.TryGetDouble(out double number) ? MetadataValue.From(number) : default;
                return value.Kind == MetadataKind.Number;
            case JsonTokenType.True or JsonTokenType.False:
                value = MetadataValue.From(reader.TokenType == JsonTokenType.True);
                return true;
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                int begin = (int)reader.TokenStartIndex;
                reader.Skip();
                value = MetadataValue.FromJson(Encoding.UTF8.GetString(text[begin..(int)reader.BytesConsumed]));
                return true;
            default:
                return reader.TokenType == JsonTokenType.Null;
        }
    }

    private static bool TakeResourceUsage(ref Utf8JsonReader reader, ref Item item)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        var usage = new Dictionary<string, double>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (usage.Count == OperationLimits.ResourceUsageMembers || reader.ValueIsEscaped)
            {
                return false;
            }

            string name = Names.Get(reader.ValueSpan);
            reader.Read();
            if (name.Length > OperationLimits.MetadataKeyCharacters || reader.TokenType != JsonTokenType.Number
                || !reader.TryGetDouble(out double value) || !double.IsFinite(value) || !usage.TryAdd(name, value))
            {
                return false;
            }
        }

        item.ResourceUsage = usage.Count == 0 ? null : usage;
        return true;
    }

    private static bool TryText(ref Utf8JsonReader reader, SharedTexts texts, int max, [NotNullWhen(true)] out string? text)
    {
        text = reader.ValueIsEscaped ? reader.GetString()! : texts.Get(reader.ValueSpan);
        return text.Length <= max;
    }

    /// <summary>Puts the members together where they agree; the rules are those of <see cref="OperationBodies"/>.</summary>
    private Operation? Make(ref Item item)
    {
        var said = item.Success is { } well ? (well ? OperationStatus.Succeeded : OperationStatus.Failed) : (OperationStatus?)null;
        if (item is not { Type: { } type, Name: { } name, HasStart: true } || (item.Status ?? said) is not { } status || (said ?? status) != status
            || !TryEnd(in item, out var end) || !FactsAreRight(type, item.MetadataCount))
        {
            return null;
        }

        return new Operation
        {
            Id = item.HasId ? item.Id : NextId(item.Start),
            MetricType = type,
            Name = name,
            Source = string.IsNullOrWhiteSpace(item.Source) ? defaultSource : item.Source,
            Status = status,
            StartTime = item.Start,
            EndTime = end,
            ErrorType = item.ErrorType,
            ErrorMessage = OperationLimits.CutError(item.ErrorMessage),
            Metadata = Metadata.OfDistinct(WithoutNulls(item.MetadataCount)),
            ResourceUsage = item.ResourceUsage,
            TraceId = item.TraceId,
            SpanId = item.SpanId,
            ParentId = item.ParentId,
        };
    }

    private static bool TryEnd(in Item item, out DateTimeOffset end)
    {
        if (!item.HasEnd)
        {
            end = item.Start + item.Duration.GetValueOrDefault();
            return item.Duration is not null;
        }

        end = item.End;
        var lasted = end - item.Start;
        return lasted >= TimeSpan.Zero && lasted <= OperationLimits.MaxDuration
            && (item.Duration is not { } duration || (lasted - duration).Duration() <= AgreementTolerance);
    }

    private bool FactsAreRight(MetricType type, int count)
    {
        foreach (ref readonly var member in _metadata.AsSpan(0, count))
        {
            if (KnownFacts.Check(type, member.Key, member.Value) is not null)
            {
                return false;
            }
        }

        return true;
    }

    private ReadOnlySpan<KeyValuePair<string, MetadataValue>> WithoutNulls(int count)
    {
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            if (_metadata[i].Value.Kind != MetadataKind.Null)
            {
                _metadata[kept++] = _metadata[i];
            }
        }

        return _metadata.AsSpan(0, kept);
    }

    private Guid NextId(DateTimeOffset start)
    {
        if (_ids.IsEmpty)
        {
            _ids = OperationIds.Reserve(IdsAtOnce);
        }

        return _ids.Next(start);
    }

    /// <summary>What was read of an item so far.</summary>
    private struct Item
    {
        public Guid Id;
        public MetricType? Type;
        public string? Name;
        public string? Source;
        public DateTimeOffset Start;
        public DateTimeOffset End;
        public TimeSpan? Duration;
        public bool? Success;
        public OperationStatus? Status;
        public string? ErrorType;
        public string? ErrorMessage;
        public int MetadataCount;
        public Dictionary<string, double>? ResourceUsage;
        public string? TraceId;
        public string? SpanId;
        public string? ParentId;
        public bool HasId;
        public bool HasStart;
        public bool HasEnd;
    }
}
