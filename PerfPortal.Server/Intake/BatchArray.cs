using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Reads a batch from a JSON array, or from the array <c>items</c> of an export, in a single pass without building a document of the whole body. An item that is not valid
/// JSON is rejected, and reading continues after it.
/// </summary>
internal sealed class BatchArray
{
    private const int Between = -1;
    private const string ArrayBegin = "[";
    private const string ExportBegin = "{\"items\":[";
    private const string Item = "\"\"";
    private const string NoArray = "The body must be a JSON array of operations. To send one operation per line, use Content-Type application/x-ndjson.";

    private static readonly JsonReaderState InArray = StateAfter(ArrayBegin, 1);
    private static readonly JsonReaderState InArrayAfterItem = StateAfter(ArrayBegin + Item, 1);
    private static readonly JsonReaderState InExport = StateAfter(ExportBegin, 2);
    private static readonly JsonReaderState InExportAfterItem = StateAfter(ExportBegin + Item, 2);

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly BatchItems _items;
    private readonly bool _isSuspect;
    private int _item = Between;

    private BatchArray(ReadOnlyMemory<byte> bytes, BatchItems items)
    {
        (_bytes, _items) = (bytes, items);
        _isSuspect = !Utf8.IsValid(bytes.Span) || MemberNames.MayContainLoneSurrogate(bytes.Span);
    }

    private ReadOnlySpan<byte> Text => _bytes.Span;

    /// <summary>Reads the items.</summary>
    /// <returns>The problem when the whole body is rejected.</returns>
    public static IResult? Read(ReadOnlyMemory<byte> bytes, BatchItems items)
    {
        int start = bytes.Span.IndexOfAnyExcept(" \t\r\n"u8);
        bool isArray = start >= 0 && bytes.Span[start] == '[';
        if (!isArray && FindItems(bytes.Span, out start) is { } reason)
        {
            return Problems.Invalid([new(reason, "")]);
        }

        return new BatchArray(bytes, items).Read(isArray ? start + 1 : start, isArray);
    }

    /// <summary>Finds the array <c>items</c> of an export.</summary>
    /// <param name="text">The body.</param>
    /// <param name="start">The offset of its first item.</param>
    /// <returns>Why the body is not a batch, or <see langword="null"/>.</returns>
    private static string? FindItems(ReadOnlySpan<byte> text, out int start)
    {
        start = 0;
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = BodyReader.MaxDepth + 2 });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return NoArray;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isItems = reader.ValueSpan.SequenceEqual("items"u8);
                reader.Read();
                if (isItems && reader.TokenType == JsonTokenType.StartArray)
                {
                    start = (int)reader.BytesConsumed;
                    return null;
                }

                reader.Skip();
            }
        }
        catch (JsonException exception)
        {
            return JsonFault.ExplainBody(text, JsonFault.Find(text, exception));
        }

        return JsonFault.ExplainSecondValue(text, (int)reader.BytesConsumed) is { } second ? "The body is not a JSON array. " + second : NoArray;
    }

    private IResult? Read(int start, bool isArray)
    {
        var state = isArray ? InArray : InExport;
        int skipped = (isArray ? ArrayBegin : ExportBegin).Length;
        while (true)
        {
            try
            {
                return ReadItems(start, state);
            }
            catch (JsonException exception)
            {
                int fault = start + JsonFault.Find(Text[start..], exception, skipped);
                if (_item == Between || !JsonExtent.TryFind(Text, _item, out int end))
                {
                    return Problems.Invalid([new(JsonFault.ExplainBody(Text, fault), "")]);
                }

                _items.Reject(JsonFault.ExplainItem(Text[_item..end], fault - _item, "The operation"));
                _item = Between;
                start = end;
                state = isArray ? InArrayAfterItem : InExportAfterItem;
                skipped = (isArray ? ArrayBegin : ExportBegin).Length + Item.Length;
            }
        }
    }

    /// <summary>Reads the items from an offset to the end of the body.</summary>
    /// <exception cref="JsonException">The text is not valid JSON, in the item at <see cref="_item"/> or between items.</exception>
    private IResult? ReadItems(int start, JsonReaderState state)
    {
        var text = Text[start..];
        var reader = new Utf8JsonReader(text, isFinalBlock: true, state);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (_items.IsFull)
            {
                return BatchReader.TooMany();
            }

            int begin = (int)reader.TokenStartIndex;
            int depth = reader.CurrentDepth;
            _item = start + begin;
            if ((_isSuspect && IsSuspect(reader, text)) || !_items.TryAdd(ref reader, text))
            {
                while (reader.CurrentDepth > depth || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    reader.Read();
                }

                _items.AddDocument(_bytes[_item..(start + (int)reader.BytesConsumed)]);
            }

            _item = Between;
        }

        while (reader.Read())
        {
            // The rest has to be valid too.
        }

        return null;
    }

    /// <summary>Whether the value at the reader's position may not be valid Unicode.</summary>
    private static bool IsSuspect(Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        int begin = (int)reader.TokenStartIndex;
        reader.Skip();
        var item = text[begin..(int)reader.BytesConsumed];
        return !Utf8.IsValid(item) || MemberNames.MayContainLoneSurrogate(item);
    }

    /// <summary>The state of a reader after the given text, in which it can read the next item of a body.</summary>
    private static JsonReaderState StateAfter(string json, int depth)
    {
        var options = new JsonReaderOptions { MaxDepth = BodyReader.MaxDepth + depth };
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json), isFinalBlock: false, new JsonReaderState(options));
        while (reader.Read())
        {
            // The state is that after the last token.
        }

        return reader.CurrentState;
    }
}
