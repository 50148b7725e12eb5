using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// The ids of a block. Raw form: the low halves of all ids, then the high halves, eight bytes each, little-endian. Derived form, used
/// if smaller, in three columns: the upper 48 bits minus the millisecond of the start or the end, the next 16 bits,
/// and the low half, in the order of the ends or of the starts. It works for any ids but suits version 7, which contain the creation
/// time in milliseconds in the upper 48 bits (RFC 9562, section 5.7); if the low half is a counter, it increases in creation order.
/// If the low halves are numbered within few groups, such as the reports that derived ids belong to, group and number are two columns.
/// </summary>
internal static class IdColumns
{
    private const byte Raw = 0;
    private const byte Derived = 1;
    private const byte ByStart = 2;
    private const byte FromEnd = 4;
    private const byte Grouped = 8;

    // As in derived ids: the number of the operation in its report.
    private const int NumberBits = 17;
    private const long Number = (1L << NumberBits) - 1;
    private const int MaxGroups = 256;
    private const int IdLength = 16;
    private const long Rest = 0xFFFF;

    // Above this many bytes per id, decoding is not worthwhile.
    private const int MaxDerivedLength = 14;

    /// <summary>Writes the section.</summary>
    /// <returns>Whether the section is worth compressing.</returns>
    public static bool Write(BlockBuffer target, IdLists ids, BlockCompression compression)
    {
        int start = target.Length;
        int count = ids.High.Count;
        if (WriteDerived(target, ids, compression) && target.Length - start < MaxDerivedLength * count)
        {
            return true;
        }

        target.CutTo(start);
        target.Byte(Raw);
        var bytes = target.Take(count * IdLength);
        for (int i = 0; i < count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes[(i * sizeof(long))..], ids.Low.Items[i]);
            BinaryPrimitives.WriteInt64LittleEndian(bytes[((count + i) * sizeof(long))..], ids.High.Items[i]);
        }

        return false;
    }

    /// <summary>Whether the section has the raw form, which can be read without times.</summary>
    public static bool IsRaw(ReadOnlySpan<byte> section) => new BlockReader(section).Byte() == Raw;

    /// <summary>Reads all ids. The raw form is not copied.</summary>
    /// <param name="section">The section.</param>
    /// <param name="count">The number of ids.</param>
    /// <param name="ends">The ends of the operations; not used if <see cref="IsRaw"/>.</param>
    /// <param name="durations">The durations of the operations; not used if <see cref="IsRaw"/>.</param>
    /// <exception cref="InvalidDataException">The section is corrupt.</exception>
    public static BlockIds Read(ReadOnlyMemory<byte> section, int count, ReadOnlySpan<long> ends, ReadOnlySpan<long> durations)
    {
        var reader = new BlockReader(section.Span);
        byte form = reader.Byte();
        var halves = section[1..];
        if (form == Raw)
        {
            reader.Take(count * IdLength);
        }
        else if ((form & ~(ByStart | FromEnd | Grouped)) == Derived)
        {
            byte[] decoded = new byte[count * IdLength];
            var both = MemoryMarshal.Cast<byte, long>(decoded.AsSpan());
            ReadDerived(ref reader, form, ends, durations, both[count..], both[..count]);
            halves = decoded;
        }
        else
        {
            throw BlockReader.Damaged("unknown form of ids");
        }

        return reader.Left == 0 ? new(halves, count) : throw BlockReader.Damaged("trailing data after the ids");
    }

    private static bool WriteDerived(BlockBuffer target, IdLists ids, BlockCompression compression)
    {
        const ulong tooWide = 1UL << 40;
        int count = ids.High.Count;
        bool isCompressed = compression != BlockCompression.None;
        var fromStart = ids.First.Resize(count);
        var fromEnd = ids.Second.Resize(count);
        var highs = ids.High.Items;
        for (int i = 0; i < count; i++)
        {
            long millisecond = (long)((ulong)highs[i] >> 16);
            fromEnd[i] = millisecond - Millisecond(ids.Ends.Items[i]);
            fromStart[i] = millisecond - Millisecond(ids.Ends.Items[i] - ids.Durations.Items[i]);
        }

        var (byStart, byEnd) = (ColumnFacts.Of(fromStart), ColumnFacts.Of(fromEnd));
        var (startRange, endRange) = ((ulong)(byStart.Max - byStart.Min), (ulong)(byEnd.Max - byEnd.Min));
        if (Math.Min(startRange, endRange) >= tooWide)
        {
            return false;
        }

        bool isFromEnd = endRange < startRange;
        int[]? order = isCompressed ? OrderOfStarts(ids.Ends.Items, ids.Durations.Items) : null;
        if (order is not null && !IsSmoother(ids.Low.Items, order))
        {
            order = null;
        }

        bool isGrouped = isCompressed && IsGrouped(ids.Low.Items);
        target.Byte((byte)(Derived | (order is null ? 0 : ByStart) | (isFromEnd ? FromEnd : 0) | (isGrouped ? Grouped : 0)));
        WriteColumn(target, isFromEnd ? fromEnd : fromStart, order, ids.Third, isCompressed);
        for (int i = 0; i < count; i++)
        {
            fromStart[i] = highs[i] & Rest;
        }

        WriteColumn(target, fromStart, order, ids.Third, isCompressed);
        if (isGrouped)
        {
            for (int i = 0; i < count; i++)
            {
                fromStart[i] = ids.Low.Items[i] >> NumberBits;
                fromEnd[i] = ids.Low.Items[i] & Number;
            }

            WriteColumn(target, fromStart, order, ids.Third, isCompressed);
            WriteColumn(target, fromEnd, order, ids.Third, isCompressed);
        }
        else
        {
            WriteColumn(target, ids.Low.Items, order, ids.Third, isCompressed);
        }

        return true;
    }

    /// <summary>Whether there are few groups, which are not neighbours: the groups of a counter are.</summary>
    private static bool IsGrouped(ReadOnlySpan<long> lows)
    {
        var groups = new HashSet<long>();
        foreach (long low in lows)
        {
            if (groups.Add(low >> NumberBits) && groups.Count > MaxGroups)
            {
                return false;
            }
        }

        return groups.Count > 1 && groups.Max() - groups.Min() >= MaxGroups;
    }

    private static void WriteColumn(BlockBuffer target, ReadOnlySpan<long> values, int[]? order, LongList ordered, bool isCompressed)
    {
        if (order is not null)
        {
            var moved = ordered.Resize(values.Length);
            for (int i = 0; i < moved.Length; i++)
            {
                moved[i] = values[order[i]];
            }

            values = moved;
        }

        IntegerColumn.Write(target, values, isCompressed);
    }

    private static void ReadDerived(
        ref BlockReader reader, byte form, ReadOnlySpan<long> ends, ReadOnlySpan<long> durations, Span<long> high, Span<long> low)
    {
        int count = high.Length;
        int[]? order = (form & ByStart) != 0 ? OrderOfStarts(ends, durations) : null;
        long[] column = new long[count];
        IntegerColumn.Read(ref reader, column);
        for (int i = 0; i < count; i++)
        {
            int at = order is null ? i : order[i];
            long us = (form & FromEnd) != 0 ? ends[at] : ends[at] - durations[at];
            high[at] = (column[i] + Millisecond(us)) << 16;
        }

        IntegerColumn.Read(ref reader, column);
        for (int i = 0; i < count; i++)
        {
            high[order is null ? i : order[i]] |= column[i] & Rest;
        }

        IntegerColumn.Read(ref reader, column);
        for (int i = 0; i < count; i++)
        {
            low[order is null ? i : order[i]] = column[i];
        }

        if ((form & Grouped) != 0)
        {
            IntegerColumn.Read(ref reader, column);
            for (int i = 0; i < count; i++)
            {
                int at = order is null ? i : order[i];
                low[at] = (low[at] << NumberBits) | (column[i] & Number);
            }
        }
    }

    // Indexes of the operations ordered by start, then by index.
    private static int[] OrderOfStarts(ReadOnlySpan<long> ends, ReadOnlySpan<long> durations)
    {
        var keys = new (long Start, int Index)[ends.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = (ends[i] - durations[i], i);
        }

        Array.Sort(keys);
        int[] order = new int[keys.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = keys[i].Index;
        }

        return order;
    }

    private static bool IsSmoother(ReadOnlySpan<long> values, int[] order)
    {
        long now = 0;
        long then = 0;
        for (int i = 1; i < values.Length; i++)
        {
            now += Bits(values[i] - values[i - 1]);
            then += Bits(values[order[i]] - values[order[i - 1]]);
        }

        return then < now;
    }

    private static int Bits(long delta) => 64 - BitOperations.LeadingZeroCount((ulong)((delta << 1) ^ (delta >> 63)));

    private static long Millisecond(long microseconds)
    {
        long quotient = microseconds / 1000;
        return microseconds < quotient * 1000 ? quotient - 1 : quotient;
    }
}
