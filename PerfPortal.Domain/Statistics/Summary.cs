namespace PerfPortal.Domain.Statistics;

/// <summary>
/// Count, sum, least and greatest of some numbers. <c>default</c> is the summary of none; its <see cref="Min"/> and <see cref="Max"/> then say nothing.
/// The sum is a plain double: of n numbers of one sign it is off by at most n · 10⁻¹⁶ of itself (10⁻⁷ after a thousand million),
/// and it stops at the largest finite number instead of overflowing.
/// </summary>
/// <param name="Count">How many numbers.</param>
/// <param name="Sum">Their sum.</param>
/// <param name="Min">The least.</param>
/// <param name="Max">The greatest.</param>
public readonly record struct Summary(long Count, double Sum, double Min, double Max)
{
    /// <summary>The arithmetic mean, or <see langword="null"/> of none.</summary>
    public double? Mean => Count == 0 ? null : Math.Clamp(Sum / Count, Min, Max);

    /// <summary>This summary with one number more.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not finite.</exception>
    public Summary Add(double value) => double.IsFinite(value)
        ? Merge(new Summary(1, value, value, value))
        : throw new ArgumentOutOfRangeException(nameof(value), value, "A number to summarize is finite.");

    /// <summary>The summary of both.</summary>
    public Summary Merge(Summary other)
    {
        if (Count == 0)
        {
            return other;
        }

        if (other.Count == 0)
        {
            return this;
        }

        return new Summary(
            checked(Count + other.Count),
            Math.Clamp(Sum + other.Sum, double.MinValue, double.MaxValue),
            Math.Min(Min, other.Min),
            Math.Max(Max, other.Max));
    }
}
