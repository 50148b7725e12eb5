using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Advice.Fallbacks;

/// <summary>The time that figures of fallbacks rest on. Less than a day does not tell what a day brings.</summary>
public static class ObservedSpan
{
    /// <summary>The shortest time from which figures are stated a day.</summary>
    public static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>The time from the first fallback to the last, in the order of their ends.</summary>
    public static TimeSpan Of(IReadOnlyList<PastFallback> fallbacks)
    {
        ArgumentNullException.ThrowIfNull(fallbacks);
        return fallbacks.Count == 0 ? TimeSpan.Zero : fallbacks[^1].End - fallbacks[0].End;
    }

    /// <summary>What to divide sums by: the days, at least 1.</summary>
    public static double Days(TimeSpan observed) => Math.Max(1, observed.TotalDays);

    /// <summary>Returns <c>a day</c>, or <c>so far, in 4 min</c> below a day.</summary>
    public static string Words(TimeSpan observed) => observed >= Day ? "a day" : $"so far, in {Spans.Text(observed)}";
}
