namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Guesses what a compressor will make of bytes, without running it.</summary>
internal static class Entropy
{
    // About what it costs to tell a compressor of one more symbol.
    private const double SymbolBytes = 0.6;

    /// <summary>The bytes that are left of a column: the entropy of each plane and the cost of telling its symbols.</summary>
    /// <param name="column">The column; the planes and the top are its end.</param>
    /// <param name="plane">The length of one plane.</param>
    /// <param name="top">The length of what lies behind the planes.</param>
    public static double Estimate(ReadOnlySpan<byte> column, int plane, int top)
    {
        double bytes = OfPlane(column[^top..]);
        column = column[..^top];
        while (plane > 0 && column.Length >= plane)
        {
            bytes += OfPlane(column[^plane..]);
            column = column[..^plane];
        }

        return bytes + column.Length;
    }

    private static double OfPlane(ReadOnlySpan<byte> plane)
    {
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        foreach (byte value in plane)
        {
            counts[value]++;
        }

        double bits = 0;
        int symbols = 0;
        foreach (int count in counts)
        {
            if (count > 0)
            {
                symbols++;
                bits += count * Math.Log2((double)plane.Length / count);
            }
        }

        return Math.Min(plane.Length, bits / 8 + symbols * SymbolBytes);
    }
}
