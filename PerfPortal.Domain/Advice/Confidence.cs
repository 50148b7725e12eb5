using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Advice;

/// <summary>How far to trust advice: c = n / (n + 10) · 1 / (1 + s), with the number of samples n and their spread s.</summary>
internal static class Confidence
{
    /// <summary>The number of operations or attempts below which nothing is learned.</summary>
    public const int MinSamples = 12;

    private const double HalfTrusted = 10;

    /// <summary>Returns the confidence, 0–1, for a spread of at least 0.</summary>
    public static double Of(long n, double spread) => n <= 0 || !(spread >= 0) ? 0 : n / (n + HalfTrusted) / (1 + spread);

    /// <summary>Of a share: the spread is the width of its 95 % interval (Wilson).</summary>
    public static double OfShare(long successes, long n)
    {
        var (low, high) = ProportionTest.Wilson(successes, n);
        return Of(n, high - low);
    }

    /// <summary>Of measured quantities in ascending order: the spread is the distance of the quartiles divided by the median.</summary>
    public static double OfSorted(ReadOnlySpan<double> ascending)
    {
        if (ascending.IsEmpty)
        {
            return 0;
        }

        double median = Quantile(ascending, 0.5);
        double spread = Quantile(ascending, 0.75) - Quantile(ascending, 0.25);
        return spread == 0 ? Of(ascending.Length, 0) : median > 0 ? Of(ascending.Length, spread / median) : 0;
    }

    /// <summary>The quantile of values in ascending order, by nearest rank.</summary>
    public static double Quantile(ReadOnlySpan<double> ascending, double q) => ascending[(int)Quantiles.Rank(q, ascending.Length) - 1];
}
