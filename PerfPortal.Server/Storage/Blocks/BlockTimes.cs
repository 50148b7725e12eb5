using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Times out of a block, which may be damaged.</summary>
internal static class BlockTimes
{
    private static readonly long Earliest = DateTimeOffset.MinValue.ToMicroseconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToMicroseconds();

    /// <summary>The time that lies this many microseconds after 1970.</summary>
    /// <exception cref="InvalidDataException">No calendar has it.</exception>
    public static DateTimeOffset ToTime(long microseconds) => microseconds >= Earliest && microseconds <= Latest
        ? Microseconds.ToTime(microseconds)
        : throw BlockReader.Damaged("a time is in no year of the calendar");
}
