using System.Numerics;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// Non-negative numbers of one width: a byte that tells the width in bits, a multiple of 8 up to 64 to which 1, 2 or 4 may be added; then one plane
/// after another, the low bytes of all first; and last what is left above the whole bytes, several to a byte, low bits first.
/// </summary>
internal static class Planes
{
    /// <summary>The width that a number needs.</summary>
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

    /// <summary>The next width of whole bytes.</summary>
    public static int WholeBytes(int bits) => (bits + 7) & ~7;

    /// <summary>Bytes that the numbers take above their whole bytes.</summary>
    public static int TopLength(int bits, int count) => (int)(((long)count * (bits & 7) + 7) / 8);

    /// <summary>Writes numbers.</summary>
    public static void Write<TRests>(BlockBuffer target, TRests rests, int count, int bits)
        where TRests : IRests, allows ref struct
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
    /// <exception cref="InvalidDataException">They are damaged.</exception>
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

    /// <summary>One of so many numbers; all are gone past.</summary>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
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

    /// <summary>Goes past so many numbers.</summary>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
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
            throw BlockReader.Damaged("a column has an unknown width");
        }

        return (long)bits / 8 * count <= reader.Left ? bits : throw BlockReader.Damaged("a column ends too early");
    }
}
