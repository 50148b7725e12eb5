namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Estimates the compressed size of bytes without compressing them.</summary>
internal static class Entropy
{
    // The approximate cost of one additional symbol in the code table.
    private const double SymbolBytes = 0.6;

    /// <summary>Estimates the compressed size of a column in bytes: the entropy of each plane plus the cost of its symbol table.</summary>
    /// <param name="column">The column, which ends with the planes and the top bits.</param>
    /// <param name="plane">The length of one plane.</param>
    /// <param name="top">The length of the top bits after the planes.</param>
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
