using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis;

/// <summary>The resource figures of a host in one minute.</summary>
/// <param name="Time">The start of the minute, UTC.</param>
/// <param name="Figures">Time-weighted means, and extremes.</param>
public readonly record struct ResourceMinute(DateTimeOffset Time, ResourceRollup Figures);

/// <summary>The resources of one host over the window of the analysis.</summary>
/// <param name="Source">The host.</param>
/// <param name="Latest">Its latest sample.</param>
/// <param name="Minutes">Its measured minutes, oldest first.</param>
public sealed record HostResources(string Source, ResourceSample? Latest, IReadOnlyList<ResourceMinute> Minutes)
{
    /// <summary>Finds since when a metric has been beyond a limit for more than a share of the time (<see cref="Onset"/>); <see langword="null"/> when it never was.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="isBeyond">Whether a mean is beyond the limit.</param>
    /// <param name="share">The share of the measured time, 0–1.</param>
    public DateTimeOffset? BeyondSince(ResourceMetric metric, Func<double, bool> isBeyond, double share) => BeyondSince(Minutes, metric, isBeyond, share, null);

    /// <summary>The same over other steps, such as hours; <paramref name="window"/> is the number of them over which the condition is judged.</summary>
    public static DateTimeOffset? BeyondSince(IReadOnlyList<ResourceMinute> steps, ResourceMetric metric, Func<double, bool> isBeyond, double share, int? window)
    {
        var measured = steps.Where(step => step.Figures[metric] is not null).ToList();
        var counted = measured.ConvertAll(step =>
        {
            var figure = step.Figures[metric]!.Value;
            return new OnsetStep(figure.Seconds, isBeyond(figure.Mean) ? figure.Seconds : 0);
        });
        return Onset.Of(counted, share, window) is { } index ? measured[index].Time : null;
    }

    /// <summary>Measures the time beyond a limit.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="isBeyond">Whether a minute's mean is beyond the limit.</param>
    public TimeBeyond Beyond(ResourceMetric metric, Func<double, bool> isBeyond)
    {
        double measured = 0;
        double beyond = 0;
        double integral = 0;
        long minutes = 0;
        long minutesBeyond = 0;
        var stretches = new List<TimeRange>();
        bool isOpen = false;
        foreach (var minute in Minutes)
        {
            if (minute.Figures[metric] is not { } figure)
            {
                continue;
            }

            measured += figure.Seconds;
            minutes++;
            bool isThis = isBeyond(figure.Mean);
            if (isThis)
            {
                beyond += figure.Seconds;
                integral += figure.Integral;
                minutesBeyond++;
                var end = minute.Time.AddMinutes(1);
                if (isOpen && minute.Time - stretches[^1].To <= TimeBeyond.MaxGap)
                {
                    stretches[^1] = stretches[^1] with { To = end };
                }
                else
                {
                    stretches.Add(new(minute.Time, end));
                }
            }

            isOpen = isThis;
        }

        return new(measured, beyond, beyond == 0 ? null : integral / beyond, minutes, minutesBeyond, stretches, isOpen);
    }
}

/// <summary>The measured time that a metric spent beyond a limit, weighted by time and so independent of the sampling rate.</summary>
/// <param name="MeasuredSeconds">The measured time.</param>
/// <param name="BeyondSeconds">The time beyond the limit.</param>
/// <param name="MeanBeyond">The mean while beyond the limit, or <see langword="null"/> when it never was beyond it.</param>
/// <param name="Minutes">The number of measured minutes.</param>
/// <param name="MinutesBeyond">The number of measured minutes beyond the limit.</param>
/// <param name="Stretches">The periods beyond the limit, oldest first.</param>
/// <param name="IsOngoing">Whether the latest measured minute is beyond the limit.</param>
public sealed record TimeBeyond(
    double MeasuredSeconds, double BeyondSeconds, double? MeanBeyond, long Minutes, long MinutesBeyond, IReadOnlyList<TimeRange> Stretches, bool IsOngoing)
{
    /// <summary>The longest measurement gap that does not end a period.</summary>
    public static readonly TimeSpan MaxGap = TimeSpan.FromMinutes(10);

    /// <summary>The share of the measured time, 0–1; 0 when nothing was measured.</summary>
    public double Share => MeasuredSeconds == 0 ? 0 : BeyondSeconds / MeasuredSeconds;

    /// <summary>The start of the latest period, ongoing or not; <see langword="null"/> without any.</summary>
    public TimeRange? Last => Stretches.Count == 0 ? null : Stretches[^1];
}
