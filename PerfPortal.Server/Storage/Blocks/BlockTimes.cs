using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Validates times read from a block.</summary>
internal static class BlockTimes
{
    private static readonly long Earliest = DateTimeOffset.MinValue.ToMicroseconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToMicroseconds();

    /// <summary>Converts microseconds since 1970 to a time.</summary>
    /// <exception cref="InvalidDataException">The time is outside the supported range.</exception>
    public static DateTimeOffset ToTime(long microseconds) => microseconds >= Earliest && microseconds <= Latest
        ? Microseconds.ToTime(microseconds)
        : throw BlockReader.Damaged("a time is out of range");
}
