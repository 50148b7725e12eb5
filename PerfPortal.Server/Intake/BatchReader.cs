using System.Text.Json;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>Reads a batch as a JSON array, as an export, or as newline-delimited JSON (NDJSON). The items are counted while they are read.</summary>
internal static class BatchReader
{
    /// <summary>The maximum number of items in a batch.</summary>
    public const int MaxItems = 100_000;

    // Blank lines are skipped, but a small compressed body can have millions of them.
    private const int MaxLines = 2 * MaxItems;
    private const string LinesType = "application/x-ndjson";
    private const string ArrayLine = "The line begins a JSON array. NDJSON has one operation per line; send an array with Content-Type application/json.";
    private static readonly string[] MediaTypes = [BodyReader.JsonType, LinesType];
    private static readonly BodyLimits ArrayLimits = BodyLimits.Batch with { Peek = beginning => ItemCount.ExceedsInArray(beginning.Span, MaxItems) ? TooMany() : null };
    private static readonly BodyLimits LinesLimits = BodyLimits.Batch with { Peek = beginning => ItemCount.ExceedsInLines(beginning.Span, MaxItems) ? TooMany() : null };

    /// <summary>Reads the body of a request.</summary>
    /// <returns>The batch, or the problem when the whole body is rejected.</returns>
    public static async Task<(Batch? Batch, IResult? Problem)> ReadAsync(HttpContext context, IdempotencyKeys keys, TimeProvider time, CancellationToken cancellationToken)
    {
        bool isLines = context.Request.ContentType?.StartsWith(LinesType, StringComparison.OrdinalIgnoreCase) == true;
        using var body = await BodyReader.ReadAsync(context.Request, MediaTypes, isLines ? LinesLimits : ArrayLimits, cancellationToken).ConfigureAwait(false);
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

        var read = isLines
            ? ReadLines(body.Bytes, source, time.GetUtcNow(), key)
            : ReadArray(body.Bytes, source, time.GetUtcNow(), key);
        return read.Batch is not null && keys.Claim(key, IdempotencyKeys.BatchRoute, source, body.Bytes.Span) is { } conflict ? (null, conflict) : read;
    }

    /// <summary>Reads a JSON array of operations, or an export with such an array.</summary>
    public static (Batch? Batch, IResult? Problem) ReadArray(ReadOnlyMemory<byte> bytes, string source, DateTimeOffset now, string? key = null)
    {
        var items = new BatchItems(source, now, new(bytes, source, key));
        return BatchArray.Read(bytes, items) is { } problem ? (null, problem) : (items.Batch, null);
    }

    /// <summary>Reads NDJSON. Blank lines are skipped; a line that is not valid JSON is rejected individually.</summary>
    public static (Batch? Batch, IResult? Problem) ReadLines(ReadOnlyMemory<byte> bytes, string source, DateTimeOffset now, string? key = null)
    {
        var items = new BatchItems(source, now, new(bytes, source, key));
        for (int lines = 0; !bytes.IsEmpty; lines++)
        {
            if (lines == MaxLines)
            {
                return (null, TooManyLines());
            }

            int end = bytes.Span.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? default : bytes[(end + 1)..];
            if (line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            if (items.IsFull)
            {
                return (null, TooMany());
            }

            if (line.Length > BatchItems.MaxItemBytes || !items.TryAdd(line.Span))
            {
                AddUnusual(items, line);
            }
        }

        return (items.Batch, null);
    }

    /// <summary>The answer to a batch with more items than <see cref="MaxItems"/>.</summary>
    public static IResult TooMany() => Problems.Status(
        StatusCodes.Status413PayloadTooLarge, "The batch is too large.", FormattableString.Invariant($"A batch can contain at most {MaxItems} operations."));

    private static IResult TooManyLines() => Problems.Status(
        StatusCodes.Status413PayloadTooLarge, "The batch is too large.", FormattableString.Invariant($"NDJSON can contain at most {MaxLines} lines, including blank ones."));

    private static void AddUnusual(BatchItems items, ReadOnlyMemory<byte> line)
    {
        // Files that were joined can have a mark in the middle.
        line = ByteOrderMark.Skip(line);
        if (line.Span.TrimStart(" \t"u8).StartsWith("["u8))
        {
            items.Reject(ArrayLine);
            return;
        }

        try
        {
            items.AddDocument(line);
        }
        catch (JsonException exception)
        {
            items.Reject(JsonFault.ExplainItem(line.Span, JsonFault.Find(line.Span, exception), "The line"));
        }
    }
}
