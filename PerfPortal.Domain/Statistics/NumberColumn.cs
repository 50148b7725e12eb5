using System.Buffers;

namespace PerfPortal.Domain.Statistics;

/// <summary>
/// Encodes a column of numbers as decimals with a common scale. Layout: a byte <c>e</c> (0–6), then for each number <c>v / 10^e</c> the zigzag encoding
/// of <c>v</c> (0, −1, 1, −2 …) plus 1 as a <see cref="Varint"/>; or a 0 and the eight bytes of IEEE 754, little-endian, for a number that is not such a decimal.
/// Durations in whole milliseconds take two or three bytes, token counts two.
/// </summary>
internal static class NumberColumn
{
    private const int FinestScale = 6;
    private const double MaxUnits = 1L << 52;

    private static readonly double[] Powers = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];

    /// <summary>Writes a column; it round-trips bit for bit, except for negative zero.</summary>
    public static void Write(IBufferWriter<byte> output, ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        int scale = 0;
        foreach (double value in values)
        {
            scale = Math.Max(scale, ScaleOf(value, scale));
        }

        Varint.Write(output, scale);
        foreach (double value in values)
        {
            if (TryScale(value, scale, out long units))
            {
                Varint.Write(output, Varint.ZigZag(units) + 1);
            }
            else
            {
                Varint.WriteWhole(output, value);
            }
        }
    }

    /// <summary>Reads a column with the length of <paramref name="values"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a column of that length, or a number is not finite.</exception>
    public static void Read(ref ReadOnlySpan<byte> bytes, Span<double> values)
    {
        if (values.IsEmpty)
        {
            return;
        }

        int scale = (int)Varint.ReadCount(ref bytes, FinestScale, "The scale of a column");
        double power = Powers[scale];
        for (int i = 0; i < values.Length; i++)
        {
            ulong encoded = Varint.ReadUnsigned(ref bytes);
            values[i] = encoded == 0 ? Varint.ReadWhole(ref bytes) : Varint.UnZigZag(encoded - 1) / power;
        }
    }

    /// <summary>Returns the smallest scale, at least <paramref name="atLeast"/>, that represents the number exactly; 0 when there is none.</summary>
    private static int ScaleOf(double value, int atLeast)
    {
        for (int scale = atLeast; scale <= FinestScale; scale++)
        {
            if (TryScale(value, scale, out _))
            {
                return scale;
            }
        }

        return 0;
    }

    private static bool TryScale(double value, int scale, out long units)
    {
        double scaled = Math.Round(value * Powers[scale]);
        bool fits = Math.Abs(scaled) < MaxUnits && scaled / Powers[scale] == value;
        units = fits ? (long)scaled : 0;
        return fits;
    }
}
