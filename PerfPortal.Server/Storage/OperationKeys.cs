using System.Buffers.Binary;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage;

/// <summary>
/// The key of an operation row: the end time in microseconds × 2048 + a slot. Rows are therefore ordered by end time, which is
/// what time ranges select by, and the end time needs no separate column. The preferred slot is derived from the id. Once 2,048
/// operations end in one microsecond, the next key uses the following microsecond; the end time remains start plus duration.
/// </summary>
internal static class OperationKeys
{
    private const int SlotBits = 11;

    /// <summary>The number of slots per microsecond.</summary>
    public const int Slots = 1 << SlotBits;

    /// <summary>
    /// The maximum distance in microseconds between an operation's end and its key: room for two million operations that end in one microsecond.
    /// </summary>
    public const long ReachUs = 1000;

    /// <summary>The first key of a microsecond, clamped to the representable range (years 1827 to 2112).</summary>
    public static long First(long microsecond) => Math.Clamp(microsecond, long.MinValue >> SlotBits, long.MaxValue >> SlotBits) << SlotBits;

    /// <summary>The first key of a time.</summary>
    public static long First(DateTimeOffset time) => First(time.ToMicroseconds());

    /// <summary>The microsecond of a key: the one in which the operation ended, or a slightly later one if that was full.</summary>
    public static long EndUs(long key) => key >> SlotBits;

    /// <summary>Splits an id into two big-endian numbers, so that version 7 ids sort by time.</summary>
    public static (long High, long Low) Split(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return (BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));
    }

    /// <summary>Joins two numbers into an id.</summary>
    public static Guid Join(long high, long low)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteInt64BigEndian(bytes[8..], low);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Compares ids as unsigned numbers, so that version 7 ids sort by time.</summary>
    public static int Compare(Guid x, Guid y)
    {
        var (xHigh, xLow) = Split(x);
        var (yHigh, yLow) = Split(y);
        int sign = ((ulong)xHigh).CompareTo((ulong)yHigh);
        return sign != 0 ? sign : ((ulong)xLow).CompareTo((ulong)yLow);
    }

    /// <summary>Compares ended operations by end time, then by id.</summary>
    public static int ByEnd(Operation x, Operation y)
    {
        int sign = x.EndTime!.Value.UtcTicks.CompareTo(y.EndTime!.Value.UtcTicks);
        return sign != 0 ? sign : Compare(x.Id, y.Id);
    }

    /// <summary>Sorts ended operations by end time, then by id.</summary>
    public static void SortByEnd(List<Operation> operations)
    {
        for (int i = 1; i < operations.Count; i++)
        {
            if (ByEnd(operations[i - 1], operations[i]) > 0)
            {
                operations.Sort(ByEnd);
                return;
            }
        }
    }
}
