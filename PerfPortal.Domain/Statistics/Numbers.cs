using System.Buffers;

namespace PerfPortal.Domain.Statistics;

/// <summary>
/// How whole numbers are written: 7 bits a byte, low bits first, where the top bit means that more follow; a signed number is folded first
/// (0, −1, 1, −2 …).
/// </summary>
internal static class Numbers
{
    public static void WriteCount(IBufferWriter<byte> output, ulong value)
    {
        var span = output.GetSpan(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }

        span[length++] = (byte)value;
        output.Advance(length);
    }

    public static void WriteCount(IBufferWriter<byte> output, long value) => WriteCount(output, checked((ulong)value));

    public static void WriteSigned(IBufferWriter<byte> output, long value) => WriteCount(output, (ulong)((value << 1) ^ (value >> 63)));

    public static byte ReadByte(ref ReadOnlySpan<byte> bytes) => Take(ref bytes, 1)[0];

    public static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.Length < length)
        {
            throw new InvalidDataException("The data ends too early.");
        }

        var taken = bytes[..length];
        bytes = bytes[length..];
        return taken;
    }

    public static ulong ReadUnsigned(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = ReadByte(ref bytes);
            if (shift == 63 && next > 1)
            {
                break;
            }

            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw new InvalidDataException("A whole number is longer than 64 bits.");
    }

    /// <summary>Reads a count from 0 to <paramref name="limit"/>; <paramref name="what"/> names it in the complaint.</summary>
    public static long ReadCount(ref ReadOnlySpan<byte> bytes, long limit, string what)
    {
        ulong value = ReadUnsigned(ref bytes);
        return value <= (ulong)limit ? (long)value : throw new InvalidDataException($"{what} is {value}, at most {limit} is possible.");
    }

    public static long ReadSigned(ref ReadOnlySpan<byte> bytes)
    {
        ulong folded = ReadUnsigned(ref bytes);
        return (long)(folded >> 1) ^ -(long)(folded & 1);
    }
}
