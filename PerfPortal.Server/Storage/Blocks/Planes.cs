using System.Numerics;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// Non-negative numbers of one width: a byte that tells the width in bits (0, 1, 2, 4, or 8, 16, … 64), then for widths below 8
/// several to a byte, low bits first, else one plane after another, the low bytes of all first.
/// </summary>
internal static class Planes
{
    /// <summary>The width that a number needs.</summary>
    public static int BitsOf(ulong most) => (64 - BitOperations.LeadingZeroCount(most)) switch
    {
        0 => 0,
        1 => 1,
        2 => 2,
        3 or 4 => 4,
        int bits => (bits + 7) / 8 * 8,
    };

    /// <summary>Bytes of one plane.</summary>
    public static int Length(int bits, int count) => bits >= 8 ? count : (int)(((long)count * bits + 7) / 8);

    /// <summary>Writes numbers.</summary>
    public static void Write<TRests>(BlockBuffer target, TRests rests, int count, int bits)
        where TRests : IRests, allows ref struct
    {
        target.Byte((byte)bits);
        if (bits < 8)
        {
            var packed = target.Take(Length(bits, count));
            packed.Clear();
            for (int i = 0; i < count && bits > 0; i++)
            {
                int bit = i * bits;
                packed[bit >> 3] |= (byte)(rests.At(i) << (bit & 7));
            }

            return;
        }

        int planes = bits / 8;
        if ((long)planes * count > int.MaxValue)
        {
            throw new ArgumentException("A column of a block is too long.");
        }

        var bytes = target.Take(planes * count);
        for (int i = 0; i < count; i++)
        {
            ulong rest = rests.At(i);
            for (int at = i; at < bytes.Length; at += count)
            {
                bytes[at] = (byte)rest;
                rest >>= 8;
            }
        }
    }

    /// <summary>Reads numbers.</summary>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public static void Read(ref BlockReader reader, scoped Span<long> values)
    {
        int bits = reader.Byte();
        if (bits > 64 || (bits & 7) != 0 && !BitOperations.IsPow2(bits))
        {
            throw BlockReader.Damaged("a column has an unknown width");
        }

        if (bits < 8)
        {
            var packed = reader.Take(Length(bits, values.Length));
            int mask = (1 << bits) - 1;
            for (int i = 0; i < values.Length; i++)
            {
                int bit = i * bits;
                values[i] = bits == 0 ? 0 : (packed[bit >> 3] >> (bit & 7)) & mask;
            }

            return;
        }

        if ((long)bits / 8 * values.Length > reader.Left)
        {
            throw BlockReader.Damaged("a column ends too early");
        }

        values.Clear();
        for (int shift = 0; shift < bits; shift += 8)
        {
            var plane = reader.Take(values.Length);
            for (int i = 0; i < plane.Length; i++)
            {
                values[i] |= (long)plane[i] << shift;
            }
        }
    }
}
