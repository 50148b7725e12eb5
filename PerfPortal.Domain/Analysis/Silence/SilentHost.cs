using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Silence;

/// <summary>A host is silent when it has not reported for 10 minutes and for three times its longest pause of the day before its last sample.</summary>
public static class SilentHost
{
    /// <summary>A shorter pause is never silence.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(10);

    // A host that reported for less than an hour may have been tried out.
    private const int EnoughSteps = 12;
    private const double Times = 3;

    /// <summary>Returns the silence of a host, or <see langword="null"/>.</summary>
    /// <param name="last">Its newest sample.</param>
    /// <param name="metrics">Its metrics over the day before that, in steps.</param>
    /// <param name="now">The time.</param>
    /// <param name="from">The time from which it could have reported, at least that of the newest sample.</param>
    public static FindingObservation? Find(ResourceSample last, IReadOnlyList<ResourceSeries> metrics, DateTimeOffset now, DateTimeOffset from)
    {
        ArgumentNullException.ThrowIfNull(last);
        if (metrics.Count == 0)
        {
            return null;
        }

        // The metric that was measured most shows when the host reported.
        var reported = metrics.MaxBy(metric => metric.Values.Count(value => !double.IsNaN(value)))!;
        var pauses = Pauses(reported);
        int steps = reported.Values.Count(value => !double.IsNaN(value));
        var limit = TimeSpan.FromTicks(Math.Max(Shortest.Ticks, (long)(Times * pauses.Max().Ticks)));
        if (steps < EnoughSteps || now - from < limit)
        {
            return null;
        }

        var silent = now - last.SampledAt;
        return new()
        {
            Kind = FindingKind.Silence,
            Subject = new(last.Source, null, null, FindingMeasures.Reports),
            Since = last.SampledAt,
            SinceLow = last.SampledAt,
            SinceHigh = last.SampledAt,
            Size = silent.TotalSeconds,
            Unit = "s",
            Confidence = steps / (steps + 1.0),
            Severity = Severity.Critical,
            Impact = 3600,
            Sentence = $"{last.Source} has reported no samples since {Moments.Text(last.SampledAt)} (for {Format.Duration(Whole(silent))}); in the day before that it reported at least every {Format.Duration(pauses.Max())}.",
            Action = "Check that the host runs and reaches the portal.",
            Evidence =
            [
                new("silent_seconds", Math.Floor(silent.TotalSeconds / 60) * 60, "s"), new("longest_pause_before", pauses.Max().TotalSeconds, "s"),
                new("limit", limit.TotalSeconds, "s"),
            ],
        };
    }

    private static TimeSpan Whole(TimeSpan silent) => TimeSpan.FromMinutes(Math.Floor(silent.TotalMinutes));

    /// <summary>The time between the starts of successive measured steps.</summary>
    private static List<TimeSpan> Pauses(ResourceSeries series)
    {
        var pauses = new List<TimeSpan> { series.Step };
        int? before = null;
        for (int i = 0; i < series.Values.Count; i++)
        {
            if (double.IsNaN(series.Values[i]))
            {
                continue;
            }

            if (before is { } known)
            {
                pauses.Add((i - known) * series.Step);
            }

            before = i;
        }

        return pauses;
    }
}
