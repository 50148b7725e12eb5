namespace PerfPortal.Domain.Statistics.ChangePoints;

/// <summary>A point from which on the values of a series lie at another level.</summary>
/// <param name="Index">The most likely index of the first value at the new level.</param>
/// <param name="Low">The first index that is plausible as well, with 95 % confidence; at most <paramref name="Index"/>.</param>
/// <param name="High">The last index that is plausible as well, with 95 % confidence; at least <paramref name="Index"/>.</param>
/// <param name="Before">The median of the values since the change before this one, in the unit of the series.</param>
/// <param name="After">The median of the values up to the next change, in the unit of the series.</param>
/// <param name="SizeLow">The lower bound of the size with 95 % confidence.</param>
/// <param name="SizeHigh">The upper bound of the size with 95 % confidence.</param>
/// <param name="Z">The standard normal statistic of the change, corrected for autocorrelation; positive when the values rise.</param>
/// <param name="Confidence">1 minus the probability that a series without any change shows one this clear, 0–1.</param>
public readonly record struct ChangePoint(
    int Index, int Low, int High, double Before, double After, double SizeLow, double SizeHigh, double Z, double Confidence)
{
    /// <summary>The size: <see cref="After"/> minus <see cref="Before"/>.</summary>
    public double Size => After - Before;
}
