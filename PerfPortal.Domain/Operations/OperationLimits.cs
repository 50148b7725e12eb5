namespace PerfPortal.Domain.Operations;

/// <summary>The bounds of one operation, as the contract states them.</summary>
public static class OperationLimits
{
    /// <summary>Characters of an operation's name.</summary>
    public const int NameCharacters = 200;

    /// <summary>Characters of a source.</summary>
    public const int SourceCharacters = 200;

    /// <summary>Members of the metadata.</summary>
    public const int MetadataMembers = 64;

    /// <summary>Characters of a metadata member's name.</summary>
    public const int MetadataKeyCharacters = 200;

    /// <summary>UTF-8 bytes of the metadata, written as JSON.</summary>
    public const int MetadataBytes = 16 * 1024;

    /// <summary>UTF-8 bytes of an error text; a longer one is cut and marked.</summary>
    public const int ErrorBytes = 8 * 1024;

    /// <summary>Characters of an error type.</summary>
    public const int ErrorTypeCharacters = 200;

    /// <summary>Members of the resource usage.</summary>
    public const int ResourceUsageMembers = 32;

    /// <summary>Events that are kept of one operation; the oldest but the first goes.</summary>
    public const int Events = 32;

    /// <summary>How far in the future an end may lie, for the sake of clocks that differ.</summary>
    public static readonly TimeSpan FutureTolerance = TimeSpan.FromMinutes(5);

    /// <summary>The earliest time that a report may carry.</summary>
    public static readonly DateTimeOffset Earliest = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The latest time that a report may carry: the last tick of the year 2200.</summary>
    public static readonly DateTimeOffset Latest = new DateTimeOffset(2201, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(-1);

    /// <summary>The longest duration that is taken, 1e7 seconds (about 116 days): the range of the duration sketch.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(1e7);

    private const string CutMark = "… [cut]";

    /// <summary>Whether an operation may have this end.</summary>
    /// <param name="start">Its start, UTC.</param>
    /// <param name="end">Its end, UTC, not before the start.</param>
    /// <param name="now">The current time, UTC.</param>
    /// <returns>What is wrong, in one sentence that names the field and the limit; <see langword="null"/> when nothing is.</returns>
    public static string? CheckEnd(DateTimeOffset start, DateTimeOffset end, DateTimeOffset now) =>
        end > now + FutureTolerance ? "end_time is more than 5 minutes in the future."
        : end - start > MaxDuration ? "end_time is more than 10,000,000 seconds after start_time, the longest duration that is accepted."
        : null;

    /// <summary>An error text that fits <see cref="ErrorBytes"/>, marked where it was cut.</summary>
    public static string? CutError(string? text)
    {
        if (text is null || System.Text.Encoding.UTF8.GetByteCount(text) <= ErrorBytes)
        {
            return text;
        }

        int room = ErrorBytes - System.Text.Encoding.UTF8.GetByteCount(CutMark);
        int used = 0;
        int length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (used + rune.Utf8SequenceLength > room)
            {
                break;
            }

            used += rune.Utf8SequenceLength;
            length += rune.Utf16SequenceLength;
        }

        return string.Concat(text.AsSpan(0, length), CutMark);
    }
}
