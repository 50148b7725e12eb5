using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Statistics.Forecasting;

namespace PerfPortal.Domain.Analysis.Forecasts;

/// <summary>The measured part of a series that ends now, with its gaps filled.</summary>
/// <param name="Start">The start of its first step.</param>
/// <param name="Step">The length of a step.</param>
/// <param name="Values">The values, finite.</param>
internal sealed record RecentPiece(DateTimeOffset Start, TimeSpan Step, double[] Values)
{
    private const int FreshSteps = 3;

    /// <summary>The start of a step.</summary>
    public DateTimeOffset TimeOf(int index) => Start + (index * Step);

    /// <summary>Takes it from a series; <see langword="null"/> when nothing was measured lately.</summary>
    public static RecentPiece? Of(ResourceSeries series, DateTimeOffset now)
    {
        double[] values = [.. series.Values];
        int end = values.Length;
        while (end > 0 && (!double.IsFinite(values[end - 1]) || series.TimeOf(end - 1) >= now))
        {
            end--;
        }

        int first = 0;
        while (first < end && !double.IsFinite(values[first]))
        {
            first++;
        }

        return end > first && now - series.TimeOf(end) <= FreshSteps * series.Step
            ? new(series.TimeOf(first), series.Step, Gaps.Filled(values.AsSpan(first, end - first)))
            : null;
    }
}
