using System.Buffers.Binary;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage;

/// <summary>
/// The key of an operation row: the microsecond of its end × 2048 + a slot. Rows so lie in the order of their ends, which is
/// what ranges mean, and the end needs no column of its own. The slot of the first try comes from the id; where 2,048
/// operations end in one microsecond, the next is kept one microsecond later; its end is still said by start and duration.
/// </summary>
internal static class OperationKeys
{
    private const int SlotBits = 11;

    /// <summary>Slots of one microsecond.</summary>
    public const int Slots = 1 << SlotBits;

    /// <summary>
    /// How many microseconds after its end an operation's key lies at most: room for two million that end in one microsecond.
    /// </summary>
    public const long ReachUs = 1000;

    /// <summary>The first key of a microsecond; one too far off (beyond the year 2112, or before 1827) counts as the farthest that there is.</summary>
    public static long First(long microsecond) => Math.Clamp(microsecond, long.MinValue >> SlotBits, long.MaxValue >> SlotBits) << SlotBits;

    /// <summary>The first key of a time.</summary>
    public static long First(DateTimeOffset time) => First(time.ToMicroseconds());

    /// <summary>The microsecond that a key lies in: the one in which the operation ended, or, where that was full, one soon after it.</summary>
    public static long EndUs(long key) => key >> SlotBits;

    /// <summary>An id as two numbers, big-endian, so that version 7 ids sort by time.</summary>
    public static (long High, long Low) Split(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return (BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
    }

    /// <summary>The id of two numbers.</summary>
    public static Guid Join(long high, long low)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], low);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>The order of ids: as unsigned numbers, so that version 7 ids sort by time.</summary>
    public static int Compare(Guid x, Guid y)
    {
        var (xHigh, xLow) = Split(x);
        var (yHigh, yLow) = Split(y);
        int sign = ((ulong)xHigh).CompareTo((ulong)yHigh);
        return sign != 0 ? sign : ((ulong)xLow).CompareTo((ulong)yLow);
    }

    /// <summary>The order of ended operations in time: by end, then by id.</summary>
    public static int ByEnd(Operation x, Operation y)
    {
        int sign = x.EndTime!.Value.UtcTicks.CompareTo(y.EndTime!.Value.UtcTicks);
        return sign != 0 ? sign : Compare(x.Id, y.Id);
    }
}
