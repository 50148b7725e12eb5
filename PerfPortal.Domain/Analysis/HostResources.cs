using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis;

/// <summary>What a host's sensors said in one minute.</summary>
/// <param name="Time">When the minute began, UTC.</param>
/// <param name="Figures">Means weighted by time, and extremes.</param>
public readonly record struct ResourceMinute(DateTimeOffset Time, ResourceRollup Figures);

/// <summary>The resources of one host over the window of the analysis.</summary>
/// <param name="Source">The host.</param>
/// <param name="Latest">Its newest sample.</param>
/// <param name="Minutes">Its measured minutes, oldest first.</param>
public sealed record HostResources(string Source, ResourceSample? Latest, IReadOnlyList<ResourceMinute> Minutes)
{
    /// <summary>How the time that was measured lies to a limit.</summary>
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

/// <summary>How much of the measured time a metric was beyond a limit. Weighted by the time measured, so that faster sampling changes nothing.</summary>
/// <param name="MeasuredSeconds">The time that was measured.</param>
/// <param name="BeyondSeconds">The time beyond the limit.</param>
/// <param name="MeanBeyond">The mean while beyond the limit, or <see langword="null"/> when it never was.</param>
/// <param name="Minutes">How many minutes were measured.</param>
/// <param name="MinutesBeyond">How many of them were beyond the limit.</param>
/// <param name="Stretches">The stretches beyond the limit, oldest first.</param>
/// <param name="IsOngoing">Whether the newest measured minute is beyond the limit.</param>
public sealed record TimeBeyond(
    double MeasuredSeconds, double BeyondSeconds, double? MeanBeyond, long Minutes, long MinutesBeyond, IReadOnlyList<TimeRange> Stretches, bool IsOngoing)
{
    /// <summary>A stretch goes on over a gap in the measurements that is not longer.</summary>
    public static readonly TimeSpan MaxGap = TimeSpan.FromMinutes(10);

    /// <summary>The share of the measured time, 0–1; 0 when nothing was measured.</summary>
    public double Share => MeasuredSeconds == 0 ? 0 : BeyondSeconds / MeasuredSeconds;

    /// <summary>When it began: the present stretch when it goes on, else the first; <see langword="null"/> when it never was beyond.</summary>
    public DateTimeOffset? Since => Stretches.Count == 0 ? null : IsOngoing ? Stretches[^1].From : Stretches[0].From;
}
