using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Regressions;

/// <summary>A gradual rise of the median duration of a name.</summary>
/// <param name="Since">The first hour of the rise that is known.</param>
/// <param name="High">The end of its first third.</param>
/// <param name="PerDay">The rise in a day, on the logarithmic scale.</param>
/// <param name="From">The logarithm of the median at its beginning.</param>
/// <param name="To">The logarithm of the median now.</param>
/// <param name="Confidence">1 minus the p-value of the trend.</param>
internal sealed record Degradation(DateTimeOffset Since, DateTimeOffset High, double PerDay, double From, double To, double Confidence);

/// <summary>
/// Finds operations that become slower gradually: a significant trend of hourly medians over at least five days (<see cref="MannKendall"/>) that adds at least a tenth, and that each third of the time
/// took part in, so that a step is none. Not thread-safe.
/// </summary>
internal sealed class DegradationWatch
{
    private const int MinimumHours = 48;
    private const int MaximumPoints = 84;
    private const double Alpha = 1e-4;
    private const double KeptAlpha = 1e-2;
    private static readonly TimeSpan Shortest = TimeSpan.FromDays(5);
    private static readonly double LeastRise = Math.Log(1.1);

    /// <summary>The rise that lasts, or <see langword="null"/>.</summary>
    public Degradation? Current { get; private set; }

    /// <summary>Looks at the hours.</summary>
    public void Look(MeasuredSteps hours)
    {
        int n = hours.Steps.Count;
        if (n < MinimumHours || hours.TimeOf(hours.Steps[n - 1]) - hours.TimeOf(hours.Steps[0]) is var span && span < Shortest)
        {
            Current = null;
            return;
        }

        var trend = MannKendall.Test(Enumerable.Range(0, n).Select(i => new TimedValue(hours.TimeOf(hours.Steps[i]), hours.Figure(i, i + 1))), MaximumPoints);
        bool isKnown = Current is not null;
        if (trend is null || trend.Z <= 0 || trend.PValue > (isKnown ? KeptAlpha : Alpha))
        {
            Current = null;
            return;
        }

        double first = hours.Figure(0, n / 3);
        double second = hours.Figure(n / 3, 2 * n / 3);
        double third = hours.Figure(2 * n / 3, n);
        double rise = trend.SlopePerHour * span.TotalHours;
        if (rise < (isKnown ? LeastRise / 2 : LeastRise) || Math.Min(second - first, third - second) < rise / 6)
        {
            Current = null;
            return;
        }

        var since = Current?.Since ?? hours.TimeOf(hours.Steps[0]);
        Current = new(
            since, Current?.High ?? hours.TimeOf(hours.Steps[n / 3]), 24 * trend.SlopePerHour, second - (rise / 2), second + (rise / 2), 1 - trend.PValue);
    }

    /// <summary>Describes the rise.</summary>
    public static FindingObservation Describe(MetricType type, string name, Degradation rise, double perHour)
    {
        double from = Math.Exp(rise.From);
        double to = Math.Exp(rise.To);
        return new()
        {
            Kind = FindingKind.Degradation,
            Subject = new(null, type, name, FindingMeasures.Duration),
            Since = rise.Since,
            SinceLow = rise.Since,
            SinceHigh = rise.High,
            Size = Math.Round((to / from) - 1, 4),
            Unit = "ratio",
            Confidence = Math.Round(rise.Confidence, 6),
            Severity = Severity.Warning,
            Impact = Math.Round((to - from) * perHour, 4),
            Sentence = $"Median duration of {name} rises by {Format.Change(Math.Exp(rise.PerDay) - 1)} a day since {Moments.Text(rise.Since)}: from {Format.Seconds(from)} to {Format.Seconds(to)} so far.",
            Action = "Look for what grows with time, such as a cache, a table or a queue, and compare operations of the first and the last day.",
            Evidence = [new("p50_before", from, "s"), new("p50_after", to, "s"), new("change_per_day", Math.Exp(rise.PerDay) - 1, "share")],
        };
    }
}
