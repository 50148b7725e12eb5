using System.Buffers;
using System.Buffers.Binary;

namespace PerfPortal.Domain.Statistics;

/// <summary>
/// How numbers are written. A whole number takes 7 bits a byte, low bits first, the top bit saying that more follow;
/// a signed one is folded first (0, −1, 1, −2 …). A floating-point number that is a whole number of millionths is written as that number
/// plus 1, else as a 0 and the eight bytes of IEEE 754, little-endian: durations are mostly microseconds.
/// </summary>
internal static class Numbers
{
    private const double Millionths = 1e6;
    private const double MaxMillionths = 1L << 52;

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

    public static void WriteDouble(IBufferWriter<byte> output, double value)
    {
        double millionths = Math.Round(value * Millionths);
        if (!double.IsNegative(value) && millionths < MaxMillionths && millionths / Millionths == value)
        {
            WriteCount(output, (ulong)millionths + 1);
            return;
        }

        WriteCount(output, 0UL);
        BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(sizeof(double)), value);
        output.Advance(sizeof(double));
    }

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

    public static double ReadDouble(ref ReadOnlySpan<byte> bytes)
    {
        ulong millionths = ReadUnsigned(ref bytes);
        double value = millionths == 0
            ? BinaryPrimitives.ReadDoubleLittleEndian(Take(ref bytes, sizeof(double)))
            : (millionths - 1) / Millionths;
        return double.IsFinite(value) ? value : throw new InvalidDataException("A number is not finite.");
    }
}
