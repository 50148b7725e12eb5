using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>What a batch holds: the good operations, the place of each among the items, and what is wrong with the others.</summary>
internal sealed class Batch
{
    public List<Operation> Operations { get; } = [];

    public List<int> Places { get; } = [];

    public List<RejectedItem> Rejected { get; } = [];

    public int Count { get; private set; }

    /// <summary>The next item is good.</summary>
    public void Add(Operation operation)
    {
        Operations.Add(operation);
        Places.Add(Count++);
    }

    /// <summary>The next item is not taken.</summary>
    public void Reject(string detail) => Rejected.Add(new(Count++, detail));
}

/// <summary>An item of a batch that was not taken.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Detail">Why.</param>
internal sealed record RejectedItem(int Index, string Detail);

/// <summary>
/// Reads a batch as a JSON array, or as lines of JSON (NDJSON). An item in order goes by <see cref="ItemDecoder"/>, any other by
/// <see cref="OperationBodies"/>; a body that is no array of JSON values goes as a whole by <see cref="BodyReader.Parse"/>, which says what is wrong.
/// </summary>
internal static class BatchReader
{
    /// <summary>Media types of a batch.</summary>
    public static readonly string[] MediaTypes = ["application/json", "application/x-ndjson"];

    /// <summary>Operations of one batch at most.</summary>
    public const int MaxItems = 100_000;

    private const int ArrayDepth = BodyReader.MaxDepth;
    private const int LineDepth = 64;

    /// <summary>Reads a JSON array.</summary>
    public static (Batch? Batch, IResult? Problem) ReadArray(ReadOnlyMemory<byte> bytes, string source, DateTimeOffset now) =>
        Walk(bytes, source, now) is { } batch ? (batch, null) : ReadDocument(bytes, source, now);

    /// <summary>Reads lines; empty ones are passed over, and a line that is no JSON is rejected alone.</summary>
    public static (Batch? Batch, IResult? Problem) ReadLines(ReadOnlyMemory<byte> bytes, string source, DateTimeOffset now)
    {
        var batch = new Batch();
        var decoder = new ItemDecoder(source);
        while (!bytes.IsEmpty)
        {
            int end = bytes.Span.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? default : bytes[(end + 1)..];
            if (line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            if (batch.Count == MaxItems)
            {
                return (null, TooMany());
            }

            if (ReadLine(decoder, line.Span) is { } operation)
            {
                batch.Add(operation);
                continue;
            }

            try
            {
                Add(batch, line, LineDepth, source, now);
            }
            catch (JsonException exception)
            {
                batch.Reject(FormattableString.Invariant($"The line is not valid JSON (byte {exception.BytePositionInLine + 1})."));
            }
        }

        return (batch, null);
    }

    /// <summary>Walks an array once; <see langword="null"/> when it is no array of JSON values, or too long.</summary>
    private static Batch? Walk(ReadOnlyMemory<byte> bytes, string source, DateTimeOffset now)
    {
        var text = bytes.Span;
        if (!Utf8.IsValid(text))
        {
            return null;
        }

        bool isSuspect = MemberNames.MayBeBroken(text);
        var batch = new Batch();
        var decoder = new ItemDecoder(source);
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = ArrayDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (batch.Count == MaxItems)
                {
                    return null;
                }

                int begin = (int)reader.TokenStartIndex;
                int depth = reader.CurrentDepth;
                if (!(isSuspect && IsSuspect(reader, text)) && decoder.TryRead(ref reader, text) is { } operation)
                {
                    batch.Add(operation);
                    continue;
                }

                while (reader.CurrentDepth > depth || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    reader.Read();
                }

                Add(batch, bytes[begin..(int)reader.BytesConsumed], ArrayDepth, source, now);
            }

            return reader.Read() ? null : batch;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the value at whose begin the reader stands may escape half of a surrogate pair.</summary>
    private static bool IsSuspect(Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        int begin = (int)reader.TokenStartIndex;
        reader.Skip();
        return MemberNames.MayBeBroken(text[begin..(int)reader.BytesConsumed]);
    }

    private static Operation? ReadLine(ItemDecoder decoder, ReadOnlySpan<byte> line)
    {
        if (!Utf8.IsValid(line) || MemberNames.MayBeBroken(line))
        {
            return null;
        }

        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = LineDepth });
        try
        {
            return reader.Read() && decoder.TryRead(ref reader, line) is { } operation && !reader.Read() ? operation : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static (Batch? Batch, IResult? Problem) ReadDocument(ReadOnlyMemory<byte> bytes, string source, DateTimeOffset now)
    {
        var (document, problem) = BodyReader.Parse(bytes);
        if (document is null)
        {
            return (null, problem);
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Array)
            {
                return (null, Problems.Invalid([new("The body must be a JSON array of operations; one operation a line needs Content-Type application/x-ndjson.", "")]));
            }

            if (document.RootElement.GetArrayLength() > MaxItems)
            {
                return (null, TooMany());
            }

            var batch = new Batch();
            foreach (var item in document.RootElement.EnumerateArray())
            {
                Add(batch, item, source, now);
            }

            return (batch, null);
        }
    }

    private static void Add(Batch batch, ReadOnlyMemory<byte> item, int depth, string source, DateTimeOffset now)
    {
        using var document = JsonDocument.Parse(item, new JsonDocumentOptions { MaxDepth = depth });
        Add(batch, document.RootElement, source, now);
    }

    private static void Add(Batch batch, JsonElement item, string source, DateTimeOffset now)
    {
        var text = JsonMarshal.GetRawUtf8Value(item);
        if (!Utf8.IsValid(text))
        {
            batch.Reject("The operation is not valid UTF-8.");
            return;
        }

        if (MemberNames.MayBeBroken(text) && !MemberNames.AreValid(item))
        {
            batch.Reject(MemberNames.InvalidName);
            return;
        }

        var errors = new List<ValidationError>();
        if (OperationBodies.ReadEnded(item, "", source, now, errors) is { } operation && errors.Count == 0)
        {
            batch.Add(operation);
        }
        else
        {
            batch.Reject(string.Join(" ", errors.Select(error => error.Detail)));
        }
    }

    private static IResult TooMany() => Problems.Status(
        StatusCodes.Status413PayloadTooLarge, "The batch is too large.", FormattableString.Invariant($"At most {MaxItems} operations are taken at once."));
}
