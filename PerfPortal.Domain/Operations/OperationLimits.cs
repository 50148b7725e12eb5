namespace PerfPortal.Domain.Operations;

/// <summary>The limits of an operation, as defined by the contract.</summary>
public static class OperationLimits
{
    /// <summary>The maximum length of an operation name, in characters.</summary>
    public const int NameCharacters = 200;

    /// <summary>The maximum length of a source, in characters.</summary>
    public const int SourceCharacters = 200;

    /// <summary>The maximum number of metadata members.</summary>
    public const int MetadataMembers = 64;

    /// <summary>The maximum length of a metadata key, in characters.</summary>
    public const int MetadataKeyCharacters = 200;

    /// <summary>The maximum size of the metadata as JSON, in UTF-8 bytes.</summary>
    public const int MetadataBytes = 16 * 1024;

    /// <summary>The maximum size of an error message, in UTF-8 bytes; a longer one is truncated and marked.</summary>
    public const int ErrorBytes = 8 * 1024;

    /// <summary>The maximum length of an error type, in characters.</summary>
    public const int ErrorTypeCharacters = 200;

    /// <summary>The maximum number of resource usage members.</summary>
    public const int ResourceUsageMembers = 32;

    /// <summary>The maximum number of events per operation; above it, the second oldest is removed.</summary>
    public const int Events = 32;

    /// <summary>How far in the future an end time may be, to tolerate clock differences.</summary>
    public static readonly TimeSpan FutureTolerance = TimeSpan.FromMinutes(5);

    /// <summary>The earliest accepted time.</summary>
    public static readonly DateTimeOffset Earliest = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The latest accepted time: the last tick of the year 2200.</summary>
    public static readonly DateTimeOffset Latest = new DateTimeOffset(2201, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(-1);

    /// <summary>The longest accepted duration in seconds (about 116 days): the range of the duration sketch.</summary>
    public const double MaxDurationSeconds = 1e7;

    /// <summary>The longest accepted duration.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(MaxDurationSeconds);

    private const string CutMark = "… [cut]";

    /// <summary>Validates the end time of an operation.</summary>
    /// <param name="start">The start time, UTC.</param>
    /// <param name="end">The end time, UTC, not before the start.</param>
    /// <param name="now">The current time, UTC.</param>
    /// <returns>An error message that contains the field and the limit; <see langword="null"/> when the end time is valid.</returns>
    public static string? CheckEnd(DateTimeOffset start, DateTimeOffset end, DateTimeOffset now) =>
        end > now + FutureTolerance ? "end_time is more than 5 minutes in the future."
        : end - start > MaxDuration ? "end_time is more than 10,000,000 seconds after start_time, the longest accepted duration."
        : null;

    /// <summary>Truncates an error message to <see cref="ErrorBytes"/> and marks the cut.</summary>
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
