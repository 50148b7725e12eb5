namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// A column of doubles, passed as bits: the number of decimal places, 0–15, and a column of scaled integers
/// if every double is exactly such an integer divided by the power of ten; otherwise 255 and a column of the bits.
/// </summary>
internal static class NumberColumn
{
    private const byte Raw = 255;
    private const double MaxWholeNumber = 1L << 53;
    private static readonly double[] Powers = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

    /// <summary>Writes a column. Overwrites the input values.</summary>
    public static void Write(BlockBuffer target, Span<long> bits, bool isCompressed)
    {
        int places = Places(bits);
        if (places < 0)
        {
            target.Byte(Raw);
        }
        else
        {
            target.Byte((byte)places);
            foreach (ref long value in bits)
            {
                value = (long)Math.Round(BitConverter.Int64BitsToDouble(value) * Powers[places]);
            }
        }

        IntegerColumn.Write(target, bits, isCompressed);
    }

    /// <summary>Reads a column of bits.</summary>
    /// <exception cref="InvalidDataException">The column is corrupt.</exception>
    public static void Read(ref BlockReader reader, Span<long> bits)
    {
        byte places = ReadPlaces(ref reader);
        IntegerColumn.Read(ref reader, bits);
        if (places != Raw)
        {
            double power = Powers[places];
            foreach (ref long value in bits)
            {
                value = BitConverter.DoubleToInt64Bits(value / power);
            }
        }
    }

    /// <summary>Reads the bits of one value of a column of <paramref name="count"/> without decoding the others. Returns <see langword="false"/> for the delta form.</summary>
    /// <exception cref="InvalidDataException">The column is corrupt.</exception>
    public static bool TryReadAt(ref BlockReader reader, int count, int index, out long bits)
    {
        byte places = ReadPlaces(ref reader);
        if (!IntegerColumn.TryReadAt(ref reader, count, index, out bits))
        {
            return false;
        }

        bits = places == Raw ? bits : BitConverter.DoubleToInt64Bits(bits / Powers[places]);
        return true;
    }

    private static byte ReadPlaces(ref BlockReader reader)
    {
        byte places = reader.Byte();
        return places == Raw || places < Powers.Length ? places : throw BlockReader.Damaged("a number has too many decimal places");
    }

    private static int Places(ReadOnlySpan<long> bits)
    {
        int places = 0;
        foreach (long value in bits)
        {
            while (!IsExact(BitConverter.Int64BitsToDouble(value), Powers[places]))
            {
                if (++places == Powers.Length)
                {
                    return -1;
                }
            }
        }

        // The number of places may have increased after a value was checked, so all values are checked again.
        foreach (long value in bits)
        {
            if (!IsExact(BitConverter.Int64BitsToDouble(value), Powers[places]))
            {
                return -1;
            }
        }

        return places;
    }

    private static bool IsExact(double value, double power)
    {
        double whole = Math.Round(value * power);
        return Math.Abs(whole) <= MaxWholeNumber && BitConverter.DoubleToInt64Bits((long)whole / power) == BitConverter.DoubleToInt64Bits(value);
    }
}
