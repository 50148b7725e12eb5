using System.Numerics;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// Non-negative numbers of fixed width: a byte with the width in bits, a multiple of 8 up to 64 plus 0, 1, 2 or 4; then the byte
/// planes, starting with the low bytes of all numbers; and finally the top bits above the whole bytes, packed, low bits first.
/// </summary>
internal static class Planes
{
    /// <summary>Returns the width required for a number.</summary>
    public static int BitsOf(ulong max)
    {
        int bits = 64 - BitOperations.LeadingZeroCount(max);
        return (bits & ~7) + ((bits & 7) switch
        {
            0 => 0,
            1 => 1,
            2 => 2,
            3 or 4 => 4,
            _ => 8,
        });
    }

    /// <summary>Rounds a width up to whole bytes.</summary>
    public static int WholeBytes(int bits) => (bits + 7) & ~7;

    /// <summary>Returns the length in bytes of the packed top bits.</summary>
    public static int TopLength(int bits, int count) => (int)(((long)count * (bits & 7) + 7) / 8);

    /// <summary>Writes numbers.</summary>
    public static void Write<TResiduals>(BlockBuffer target, TResiduals rests, int count, int bits)
        where TResiduals : IResiduals, allows ref struct
    {
        target.Byte((byte)bits);
        int planes = bits / 8;
        if ((long)planes * count > int.MaxValue)
        {
            throw new ArgumentException("A column of a block is too long.");
        }

        var bytes = target.Take(planes * count);
        for (int i = 0; i < count && planes > 0; i++)
        {
            ulong rest = rests.At(i);
            for (int at = i; at < bytes.Length; at += count)
            {
                bytes[at] = (byte)rest;
                rest >>= 8;
            }
        }

        int topBits = bits & 7;
        if (topBits == 0)
        {
            return;
        }

        var top = target.Take(TopLength(bits, count));
        top.Clear();
        int below = planes * 8;
        for (int i = 0; i < count; i++)
        {
            int bit = i * topBits;
            top[bit >> 3] |= (byte)(rests.At(i) >> below << (bit & 7));
        }
    }

    /// <summary>Reads numbers.</summary>
    /// <exception cref="InvalidDataException">The data is corrupt.</exception>
    public static void Read(ref BlockReader reader, scoped Span<long> values)
    {
        int bits = ReadWidth(ref reader, values.Length);
        int topBits = bits & 7;
        int below = bits - topBits;
        values.Clear();
        for (int shift = 0; shift < below; shift += 8)
        {
            var plane = reader.Take(values.Length);
            for (int i = 0; i < plane.Length; i++)
            {
                values[i] |= (long)plane[i] << shift;
            }
        }

        if (topBits != 0)
        {
            var top = reader.Take(TopLength(bits, values.Length));
            int mask = (1 << topBits) - 1;
            for (int i = 0; i < values.Length; i++)
            {
                int bit = i * topBits;
                values[i] |= (long)((top[bit >> 3] >> (bit & 7)) & mask) << below;
            }
        }
    }

    /// <summary>Reads one of <paramref name="count"/> numbers and advances past all of them.</summary>
    /// <exception cref="InvalidDataException">The data is corrupt.</exception>
    public static long At(ref BlockReader reader, int count, int index)
    {
        int bits = ReadWidth(ref reader, count);
        int topBits = bits & 7;
        int below = bits - topBits;
        long value = 0;
        for (int shift = 0; shift < below; shift += 8)
        {
            value |= (long)reader.Take(count)[index] << shift;
        }

        var top = reader.Take(TopLength(bits, count));
        int bit = index * topBits;
        return topBits == 0 ? value : value | (long)((top[bit >> 3] >> (bit & 7)) & ((1 << topBits) - 1)) << below;
    }

    /// <summary>Skips <paramref name="count"/> numbers.</summary>
    /// <exception cref="InvalidDataException">The data is corrupt.</exception>
    public static void Skip(ref BlockReader reader, int count)
    {
        int bits = ReadWidth(ref reader, count);
        reader.Take(bits / 8 * count);
        reader.Take(TopLength(bits, count));
    }

    private static int ReadWidth(ref BlockReader reader, int count)
    {
        int bits = reader.Byte();
        int topBits = bits & 7;
        if (bits > 64 || (topBits != 0 && !BitOperations.IsPow2(topBits)))
        {
            throw BlockReader.Damaged("unknown width of a column");
        }

        return (long)bits / 8 * count <= reader.Left ? bits : throw BlockReader.Damaged("unexpected end of a column");
    }
}
