namespace PerfPortal.Domain.Statistics;

/// <summary>
/// Count, sum, minimum and maximum of a set of numbers. <c>default</c> is the empty summary; its <see cref="Min"/> and <see cref="Max"/> are meaningless.
/// The sum is a plain double: for n numbers of the same sign its relative error is at most n · 10⁻¹⁶ (10⁻⁷ after 10⁹ numbers),
/// and it saturates at the largest finite number instead of overflowing.
/// </summary>
/// <param name="Count">The number of values.</param>
/// <param name="Sum">The sum.</param>
/// <param name="Min">The minimum.</param>
/// <param name="Max">The maximum.</param>
public readonly record struct Summary(long Count, double Sum, double Min, double Max)
{
    /// <summary>The arithmetic mean, or <see langword="null"/> without values.</summary>
    public double? Mean => Count == 0 ? null : Math.Clamp(Sum / Count, Min, Max);

    /// <summary>Returns this summary with one more value.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="value"/> is not finite.</exception>
    public Summary Add(double value) => double.IsFinite(value)
        ? Merge(new Summary(1, value, value, value))
        : throw new ArgumentOutOfRangeException(nameof(value), value, "The value must be finite.");

    /// <summary>Returns the combined summary.</summary>
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
