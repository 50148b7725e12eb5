namespace PerfPortal.Domain.Statistics;

/// <summary>
/// Splits a range into steps of one round size, aligned so that a time falls into the same step for any range (in UTC; steps of weeks start on Mondays).
/// The first and last step may extend beyond the range.
/// </summary>
public sealed class BucketGrid
{
    private static readonly TimeSpan[] RoundSizes =
    [
        .. new[] { 1, 2, 5, 10, 15, 30 }.Select(seconds => TimeSpan.FromSeconds(seconds)),
        .. new[] { 1, 2, 5, 10, 15, 30 }.Select(minutes => TimeSpan.FromMinutes(minutes)),
        .. new[] { 1, 2, 3, 6, 12 }.Select(hours => TimeSpan.FromHours(hours)),
        .. new[] { 1, 2, 7 }.Select(days => TimeSpan.FromDays(days)),
    ];

    // The ticks of DateTimeOffset count from a Monday, which aligns weeks too.
    private readonly long _first;

    private BucketGrid(TimeSpan step, long first, int count)
    {
        Step = step;
        _first = first;
        Count = count;
    }

    /// <summary>The length of each step.</summary>
    public TimeSpan Step { get; }

    /// <summary>The number of steps; at least 1.</summary>
    public int Count { get; }

    /// <summary>
    /// Creates the grid with the smallest round step, at least <paramref name="minimumStep"/>, that covers the range in at most <paramref name="maximumSteps"/> steps:
    /// 1 s to 7 d, beyond that weeks in powers of two.
    /// </summary>
    /// <exception cref="ArgumentException">The range is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumSteps"/> is below 1.</exception>
    public static BucketGrid Over(TimeRange range, int maximumSteps, TimeSpan minimumStep)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumSteps, 1);
        if (range.To <= range.From)
        {
            throw new ArgumentException("The range must not be empty.", nameof(range));
        }

        foreach (var step in Sizes())
        {
            long first = range.From.UtcTicks / step.Ticks;
            long count = (range.To.UtcTicks - 1) / step.Ticks - first + 1;
            if (step >= minimumStep && count <= maximumSteps)
            {
                return new BucketGrid(step, first, (int)count);
            }
        }

        throw new ArgumentOutOfRangeException(nameof(minimumStep), minimumStep, "The minimum step is too long.");
    }

    /// <summary>Returns the index of the step that contains a time, or −1 when it is outside the grid.</summary>
    public int IndexOf(DateTimeOffset time)
    {
        long index = time.UtcTicks / Step.Ticks - _first;
        return index >= 0 && index < Count ? (int)index : -1;
    }

    /// <summary>Returns the start of a step; for index <see cref="Count"/>, the end of the grid.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not within 0 to <see cref="Count"/>.</exception>
    public DateTimeOffset Start(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(index, Count);
        return new DateTimeOffset(Math.Min((_first + index) * Step.Ticks, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
    }

    private static IEnumerable<TimeSpan> Sizes()
    {
        foreach (var size in RoundSizes)
        {
            yield return size;
        }
        // 2¹⁹ weeks exceed the calendar, so the last size always fits in one step.
        for (int weeks = 2; weeks <= 1 << 19; weeks *= 2)
        {
            yield return TimeSpan.FromDays(7.0 * weeks);
        }
    }
}
