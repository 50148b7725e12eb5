using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Recommendations.Effects;

/// <summary>The periods whose figures are compared: the time since a recommendation was applied, at most a week, and the same times of day before that.</summary>
/// <param name="Before">The period before.</param>
/// <param name="After">The period after; as long.</param>
/// <param name="IsFinal">Whether the period after is complete, so that the result does not change any more.</param>
public sealed record EffectWindows(TimeRange Before, TimeRange After, bool IsFinal)
{
    /// <summary>The time after the decision that is left out, while the change takes effect.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMinutes(10);

    /// <summary>The longest period.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>The shortest period.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromHours(1);

    /// <summary>Returns the periods; <see langword="null"/> until the shortest period has passed.</summary>
    /// <param name="applied">When the recommendation was applied.</param>
    /// <param name="now">The present.</param>
    public static EffectWindows? Of(DateTimeOffset applied, DateTimeOffset now)
    {
        // Whole hours, so that the same hours of the day are compared and rollups answer.
        var from = RoundUp(applied + Settling);
        var to = from + Longest < now ? from + Longest : RoundDown(now);
        if (to - from < Shortest)
        {
            return null;
        }

        // As many whole days back that nothing after the decision is in it.
        var back = TimeSpan.FromDays(Math.Ceiling((to - applied).TotalDays));
        return new(new(from - back, to - back), new(from, to), from + Longest <= now);
    }

    private static DateTimeOffset RoundDown(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    private static DateTimeOffset RoundUp(DateTimeOffset time) => RoundDown(time + TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
}
