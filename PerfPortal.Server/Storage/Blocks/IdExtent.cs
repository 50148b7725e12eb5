namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// Which ids a block may contain: the range of the timestamps of its version 7 ids (RFC 9562, 5.7), and whether it has other ids.
/// A lookup of a version 7 id therefore skips all blocks of other times without a fingerprint.
/// </summary>
/// <param name="MinMs">The earliest timestamp, ms since 1970; greater than <paramref name="MaxMs"/> if there is no version 7 id.</param>
/// <param name="MaxMs">The latest timestamp, ms since 1970.</param>
/// <param name="HasOthers">Whether the block has ids of another version, which may be anywhere.</param>
internal readonly record struct IdExtent(long MinMs, long MaxMs, bool HasOthers)
{
    /// <summary>The extent of a block whose ids are unknown.</summary>
    public static IdExtent Unknown { get; } = new(0, TimestampMask, true);

    private const long TimestampMask = (1L << 48) - 1;

    /// <summary>Whether there are version 7 ids.</summary>
    public bool HasTimestamps => MinMs <= MaxMs;

    /// <summary>Computes the extent of ids, split as by <see cref="OperationKeys.Split"/>.</summary>
    public static IdExtent Of(ReadOnlySpan<(long High, long Low)> ids)
    {
        var (min, max, hasOthers) = (long.MaxValue, long.MinValue, false);
        foreach (var (high, low) in ids)
        {
            if (TimestampOf(high, low) is var ms and >= 0)
            {
                (min, max) = (Math.Min(min, ms), Math.Max(max, ms));
            }
            else
            {
                hasOthers = true;
            }
        }

        return new(min, max, hasOthers);
    }

    /// <summary>The timestamp of a version 7 id, ms since 1970; −1 for other ids.</summary>
    public static long TimestampOf(long high, long low)
    {
        bool isVersion7 = (high & 0xF000) == 0x7000 && (low >>> 62) == 2;
        return isVersion7 ? high >>> 16 : -1;
    }

    /// <summary>Whether an id may be among those of the block.</summary>
    public bool MayContain(long high, long low) => TimestampOf(high, low) is var ms and >= 0 ? MinMs <= ms && ms <= MaxMs : HasOthers;
}
