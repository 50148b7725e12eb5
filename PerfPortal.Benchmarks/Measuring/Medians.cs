namespace PerfPortal.Benchmarks.Measuring;

/// <summary>Order statistics of a few figures.</summary>
internal static class Medians
{
    /// <summary>The median; of an even number the mean of the middle two. NaN of none.</summary>
    public static double Median(IEnumerable<double> figures)
    {
        double[] sorted = [.. figures.Order()];
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>A quantile by the nearest rank; NaN of none. The figures are sorted in place.</summary>
    /// <param name="figures">The figures.</param>
    /// <param name="quantile">0 to 1.</param>
    public static double Quantile(Span<double> figures, double quantile)
    {
        if (figures.IsEmpty)
        {
            return double.NaN;
        }

        figures.Sort();
        return figures[Math.Clamp((int)Math.Ceiling(quantile * figures.Length) - 1, 0, figures.Length - 1)];
    }
}
