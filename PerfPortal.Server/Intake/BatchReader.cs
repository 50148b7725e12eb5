using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>
/// Reads a batch as a JSON array or as newline-delimited JSON (NDJSON). <see cref="ItemDecoder"/> reads common items,
/// <see cref="OperationBodies"/> all others; one <see cref="OperationValidator"/> validates all of them.
/// </summary>
internal sealed class BatchReader
{
    /// <summary>The maximum number of items in a batch.</summary>
    public const int MaxItems = 100_000;

    private const int ArrayDepth = BodyReader.MaxDepth;
    private const int LineDepth = 64;
    private const string LinesType = "application/x-ndjson";
    private static readonly string[] MediaTypes = ["application/json", LinesType];

    private readonly ItemDecoder _decoder = new();
    private readonly OperationValidator _validator;
    private readonly List<ValidationError> _errors = [];
    private readonly Batch _batch = new();

    private BatchReader(string source, DateTimeOffset now, BatchIds ids) => _validator = new(source, now, start => ids.Of(start, _batch.Count));

    /// <summary>Reads the body of a request.</summary>
    /// <returns>The batch, or the problem when the whole body is rejected.</returns>
    public static async Task<(Batch? Batch, IResult? Problem)> ReadAsync(HttpContext context, IdempotencyKeys keys, TimeProvider time, CancellationToken cancellationToken)
    {
        using var body = await BodyReader.ReadAsync(context.Request, MediaTypes, cancellationToken).ConfigureAwait(false);
        if (body.Problem is not null)
        {
            return (null, body.Problem);
        }

        string source = Reporter.SourceOf(context);
        var (key, problem) = IdempotencyKeys.Read(context.Request);
        if (problem is not null)
        {
            return (null, problem);
        }

        var read = context.Request.ContentType!.StartsWith(LinesType, StringComparison.OrdinalIgnoreCase)
            ? ReadLines(body.Bytes, source, time.GetUtcNow(), key)
            : ReadArray(body.Bytes, source, time.GetUtcNow(), key);
        return read.Batch is not null && keys.Claim(key, IdempotencyKeys.BatchRoute, source, body.Bytes.Span) is { } conflict ? (null, conflict) : read;
    }

    /// <summary>Reads a JSON array. A body that is not an array of JSON values is parsed again as a document to locate the error.</summary>
    public static (Batch? Batch, IResult? Problem) ReadArray(ReadOnlyMemory<byte> bytes, string source, DateTimeOffset now, string? key = null)
    {
        var ids = new BatchIds(bytes, source, key);
        return new BatchReader(source, now, ids).Walk(bytes) is { } batch ? (batch, null) : new BatchReader(source, now, ids).ReadDocument(bytes);
    }

    /// <summary>Reads NDJSON. Blank lines are skipped; a line that is not valid JSON is rejected individually.</summary>
    public static (Batch? Batch, IResult? Problem) ReadLines(ReadOnlyMemory<byte> bytes, string source, DateTimeOffset now, string? key = null)
    {
        var lines = new BatchReader(source, now, new(bytes, source, key));
        while (!bytes.IsEmpty)
        {
            int end = bytes.Span.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? default : bytes[(end + 1)..];
            if (line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            if (lines._batch.Count == MaxItems)
            {
                return (null, TooMany());
            }

            lines.AddLine(line);
        }

        return (lines._batch, null);
    }

    /// <summary>Reads an array in a single pass; returns <see langword="null"/> when it is not an array of JSON values or is too long.</summary>
    private Batch? Walk(ReadOnlyMemory<byte> bytes)
    {
        var text = bytes.Span;
        if (!Utf8.IsValid(text))
        {
            return null;
        }

        bool isSuspect = MemberNames.MayContainLoneSurrogate(text);
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = ArrayDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (_batch.Count == MaxItems)
                {
                    return null;
                }

                int begin = (int)reader.TokenStartIndex;
                int depth = reader.CurrentDepth;
                if (!(isSuspect && IsSuspect(reader, text)) && _decoder.TryRead(ref reader, text, out var draft))
                {
                    Add(in draft);
                    continue;
                }

                while (reader.CurrentDepth > depth || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    reader.Read();
                }

                AddDocument(bytes[begin..(int)reader.BytesConsumed], ArrayDepth);
            }

            return reader.Read() ? null : _batch;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether the value at the reader's position may contain an escaped lone surrogate.</summary>
    private static bool IsSuspect(Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        int begin = (int)reader.TokenStartIndex;
        reader.Skip();
        return MemberNames.MayContainLoneSurrogate(text[begin..(int)reader.BytesConsumed]);
    }

    private void AddLine(ReadOnlyMemory<byte> line)
    {
        if (TryReadLine(line.Span, out var draft))
        {
            Add(in draft);
            return;
        }

        try
        {
            AddDocument(line, LineDepth);
        }
        catch (JsonException exception)
        {
            _batch.Reject(FormattableString.Invariant($"The line is not valid JSON (byte {exception.BytePositionInLine + 1})."));
        }
    }

    private bool TryReadLine(ReadOnlySpan<byte> line, out ReportDraft draft)
    {
        draft = default;
        if (!Utf8.IsValid(line) || MemberNames.MayContainLoneSurrogate(line))
        {
            return false;
        }

        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = LineDepth });
        try
        {
            return reader.Read() && _decoder.TryRead(ref reader, line, out draft) && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private (Batch? Batch, IResult? Problem) ReadDocument(ReadOnlyMemory<byte> bytes)
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
                return (null, Problems.Invalid([new("The body must be a JSON array of operations. To send one operation per line, use Content-Type application/x-ndjson.", "")]));
            }

            if (document.RootElement.GetArrayLength() > MaxItems)
            {
                return (null, TooMany());
            }

            foreach (var item in document.RootElement.EnumerateArray())
            {
                AddElement(item);
            }

            return (_batch, null);
        }
    }

    private void AddDocument(ReadOnlyMemory<byte> item, int depth)
    {
        using var document = JsonDocument.Parse(item, new JsonDocumentOptions { MaxDepth = depth });
        AddElement(document.RootElement);
    }

    private void AddElement(JsonElement item)
    {
        var text = JsonMarshal.GetRawUtf8Value(item);
        if (!Utf8.IsValid(text))
        {
            _batch.Reject("The operation is not valid UTF-8.");
        }
        else if (MemberNames.MayContainLoneSurrogate(text) && !MemberNames.AreValid(item))
        {
            _batch.Reject(MemberNames.InvalidName);
        }
        else if (OperationBodies.TryReadEnded(item, new(_errors), out var draft))
        {
            Add(in draft);
        }
        else
        {
            RejectForErrors();
        }
    }

    private void Add(in ReportDraft draft)
    {
        if (_validator.Ended(in draft, new(_errors)) is { } operation)
        {
            _batch.Add(operation);
        }
        else
        {
            RejectForErrors();
        }
    }

    private void RejectForErrors()
    {
        _batch.Reject(string.Join(" ", _errors.Select(error => error.Detail)));
        _errors.Clear();
    }

    private static IResult TooMany() => Problems.Status(
        StatusCodes.Status413PayloadTooLarge, "The batch is too large.", FormattableString.Invariant($"A batch can contain at most {MaxItems} operations."));
}
