using System.Text.Json;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Api.Reading;

namespace PerfPortal.Server.Api.Reporting;

/// <summary>What a batch holds: the good items with their place, and what is wrong with the others.</summary>
internal sealed class Batch
{
    public List<(int Index, Operation Operation)> Good { get; } = [];

    public List<RejectedItem> Rejected { get; } = [];

    public int Count { get; set; }
}

/// <summary>An item of a batch that was not taken.</summary>
/// <param name="Index">Its place, from 0.</param>
/// <param name="Detail">Why.</param>
internal sealed record RejectedItem(int Index, string Detail);

/// <summary>Reads a batch as a JSON array, or as lines of JSON (NDJSON).</summary>
internal static class BatchReader
{
    /// <summary>Media types of a batch.</summary>
    public static readonly string[] MediaTypes = ["application/json", "application/x-ndjson"];

    /// <summary>Operations of one batch at most.</summary>
    public const int MostItems = 100_000;

    /// <summary>Reads a JSON array.</summary>
    public static (Batch? Batch, IResult? Problem) ReadArray(ReadOnlyMemory<byte> bytes, string source, DateTimeOffset now)
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

            if (document.RootElement.GetArrayLength() > MostItems)
            {
                return (null, TooMany());
            }

            var batch = new Batch();
            bool isSuspect = MemberNames.MayBeBroken(bytes.Span);
            foreach (var item in document.RootElement.EnumerateArray())
            {
                Add(batch, item, isSuspect, source, now);
            }

            return (batch, null);
        }
    }

    /// <summary>Reads lines; empty ones are passed over, and a line that is no JSON is rejected alone.</summary>
    public static (Batch? Batch, IResult? Problem) ReadLines(ReadOnlyMemory<byte> bytes, string source, DateTimeOffset now)
    {
        var batch = new Batch();
        while (!bytes.IsEmpty)
        {
            int end = bytes.Span.IndexOf((byte)'\n');
            var line = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? default : bytes[(end + 1)..];
            if (line.Span.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            if (batch.Count == MostItems)
            {
                return (null, TooMany());
            }

            try
            {
                using var document = JsonDocument.Parse(line);
                Add(batch, document.RootElement, MemberNames.MayBeBroken(line.Span), source, now);
            }
            catch (JsonException exception)
            {
                batch.Rejected.Add(new(batch.Count++, FormattableString.Invariant($"The line is not valid JSON (byte {exception.BytePositionInLine + 1}).")));
            }
        }

        return (batch, null);
    }

    private static void Add(Batch batch, JsonElement item, bool isSuspect, string source, DateTimeOffset now)
    {
        var mistakes = new List<Mistake>();
        int index = batch.Count++;
        if (isSuspect && !MemberNames.AreValid(item))
        {
            batch.Rejected.Add(new(index, MemberNames.Mistake));
            return;
        }

        if (OperationBodies.ReadEnded(item, "", source, now, mistakes) is { } operation && mistakes.Count == 0)
        {
            batch.Good.Add((index, operation));
        }
        else
        {
            batch.Rejected.Add(new(index, string.Join(" ", mistakes.Select(mistake => mistake.Detail))));
        }
    }

    private static IResult TooMany() => Problems.Status(
        StatusCodes.Status413PayloadTooLarge, "The batch is too large.", FormattableString.Invariant($"At most {MostItems} operations are taken at once."));
}
