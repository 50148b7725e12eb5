using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace PerfPortal.Domain.Statistics;

/// <summary>
/// Variable-length numbers. An unsigned number takes seven bits per byte, low bits first, and the high bit means that more follow (LEB128). A signed number is
/// zigzag-encoded first (0, −1, 1, −2 … as 0, 1, 2, 3 …). A double that is a whole number of millionths is stored as that number plus 1, any other as a 0 and
/// its eight bytes, little-endian: most durations are whole microseconds.
/// </summary>
public static class Varint
{
    /// <summary>The maximum length of an encoded number in bytes.</summary>
    public const int MaxLength = 10;

    /// <summary>Returned by <see cref="Read"/> for a number of more than 64 bits.</summary>
    public const int TooLong = -1;

    private const double Millionths = 1e6;
    private const double MaxMillionths = 1L << 52;

    /// <summary>Zigzag-encodes a signed number.</summary>
    public static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    /// <summary>Decodes what <see cref="ZigZag"/> encoded.</summary>
    public static long UnZigZag(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);

    /// <summary>Writes a number and returns its encoded length in bytes.</summary>
    /// <param name="target">A span with room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="value">The number.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> target, ulong value)
    {
        int length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            target[length++] = (byte)(value | 0x80);
        }

        target[length++] = (byte)value;
        return length;
    }

    /// <summary>Reads a number and returns its encoded length in bytes: 0 when the data is truncated, <see cref="TooLong"/> when the number has more than 64 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ReadOnlySpan<byte> bytes, out ulong value)
    {
        // Most numbers take one byte.
        if (bytes.Length > 0 && bytes[0] is < 0x80 and var only)
        {
            value = only;
            return 1;
        }

        return ReadLong(bytes, out value);
    }

    internal static void Write(IBufferWriter<byte> output, ulong value) => output.Advance(Write(output.GetSpan(MaxLength), value));

    /// <summary>Writes a non-negative number.</summary>
    /// <exception cref="OverflowException">The number is negative.</exception>
    internal static void Write(IBufferWriter<byte> output, long value) => Write(output, checked((ulong)value));

    internal static void WriteSigned(IBufferWriter<byte> output, long value) => Write(output, ZigZag(value));

    internal static void WriteDouble(IBufferWriter<byte> output, double value)
    {
        double millionths = Math.Round(value * Millionths);
        if (!double.IsNegative(value) && millionths < MaxMillionths && millionths / Millionths == value)
        {
            Write(output, (ulong)millionths + 1);
            return;
        }

        WriteWhole(output, value);
    }

    /// <summary>Writes a 0 and the eight bytes of a double.</summary>
    internal static void WriteWhole(IBufferWriter<byte> output, double value)
    {
        Write(output, 0UL);
        BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(sizeof(double)), value);
        output.Advance(sizeof(double));
    }

    internal static byte ReadByte(ref ReadOnlySpan<byte> bytes) => Take(ref bytes, 1)[0];

    internal static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> bytes, int length)
    {
        if (bytes.Length < length)
        {
            throw Truncated();
        }

        var taken = bytes[..length];
        bytes = bytes[length..];
        return taken;
    }

    internal static ulong ReadUnsigned(ref ReadOnlySpan<byte> bytes)
    {
        int length = Read(bytes, out ulong value);
        if (length <= 0)
        {
            throw length == TooLong ? new InvalidDataException("An integer is longer than 64 bits.") : Truncated();
        }

        bytes = bytes[length..];
        return value;
    }

    /// <summary>Reads a count from 0 to <paramref name="limit"/>; <paramref name="what"/> names it in the exception.</summary>
    internal static long ReadCount(ref ReadOnlySpan<byte> bytes, long limit, string what)
    {
        ulong value = ReadUnsigned(ref bytes);
        return value <= (ulong)limit ? (long)value : throw new InvalidDataException($"{what} is {value}; the maximum is {limit}.");
    }

    internal static long ReadSigned(ref ReadOnlySpan<byte> bytes) => UnZigZag(ReadUnsigned(ref bytes));

    internal static double ReadDouble(ref ReadOnlySpan<byte> bytes)
    {
        ulong millionths = ReadUnsigned(ref bytes);
        return millionths == 0 ? ReadWhole(ref bytes) : (millionths - 1) / Millionths;
    }

    /// <summary>Reads the eight bytes of a double, which must be finite.</summary>
    internal static double ReadWhole(ref ReadOnlySpan<byte> bytes)
    {
        double value = BinaryPrimitives.ReadDoubleLittleEndian(Take(ref bytes, sizeof(double)));
        return double.IsFinite(value) ? value : throw new InvalidDataException("A number is not finite.");
    }

    private static int ReadLong(ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            byte next = bytes[i];
            if (i == MaxLength - 1 && next > 1)
            {
                return TooLong;
            }

            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                return i + 1;
            }
        }

        return 0;
    }

    private static InvalidDataException Truncated() => new("The data is truncated.");
}
