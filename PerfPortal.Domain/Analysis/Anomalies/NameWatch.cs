using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Anomalies;

/// <summary>Watches the duration of a name: the median of half an hour of medians of five minutes, on a logarithmic scale. Not thread-safe.</summary>
/// <param name="type">The type.</param>
/// <param name="name">The name.</param>
/// <param name="turn">As in <see cref="SeriesWatch"/>.</param>
internal sealed class NameWatch(MetricType type, string name, int turn)
{
    /// <summary>The median of fewer operations is too uncertain to judge.</summary>
    public const int FewestOperations = 3;

    // 30 % longer than ever, and no shorter than 10 ms: a smaller change does not matter to anybody.
    private const double LeastRatio = 1.3;
    private const double ShortestSeconds = 0.01;
    private const double CriticalRatio = 3;
    private const double StepsPerHour = 12;
    private const int Together = 6;

    private readonly SeriesWatch _watch = new(_ => Math.Log(LeastRatio), Math.Log(ShortestSeconds), Together, turn);
    private readonly double[] _newest = new double[Together];
    private double _perStep;
    private int _measured;

    /// <summary>Whether the name is unusual.</summary>
    public bool IsUnusual => _watch.IsUnusual;

    /// <summary>The last step with enough operations.</summary>
    public long LastMeasured { get; private set; }

    /// <summary>Adds the next step.</summary>
    public void Add(long step, OperationPoint point)
    {
        bool isMeasured = point.Finished >= FewestOperations && point.P50 > 0;
        LastMeasured = isMeasured ? step : LastMeasured;
        _perStep += (point.Finished - _perStep) / StepsPerHour;
        if (isMeasured)
        {
            _newest[_measured++ % Together] = Math.Log(point.P50);
        }

        // A few operations scatter: the median of half an hour is steadier, and a single slow step does not move it.
        _watch.Add(step, isMeasured && _measured >= Together ? Robust.Median(_newest)!.Value : double.NaN);
    }

    /// <summary>Returns the problem that lasts, or ended after a step; otherwise <see langword="null"/>.</summary>
    public FindingObservation? Observe(long endedAfter)
    {
        if (_watch.Latest is not { } episode || episode.Until <= endedAfter)
        {
            return null;
        }

        double observed = Math.Exp(episode.Observed);
        double usual = Math.Exp(episode.Usual.Middle);
        double low = Math.Exp(episode.Usual.Low);
        double high = Math.Exp(episode.Usual.High);
        return new()
        {
            Kind = FindingKind.Anomaly,
            Subject = new(null, type, name, FindingMeasures.Duration),
            Since = TimeOf(episode.Since),
            SinceLow = TimeOf(episode.After),
            SinceHigh = TimeOf(episode.Since + 1),
            Until = episode.Until is { } until ? TimeOf(until) : null,
            Size = observed - usual,
            Unit = "s",
            Confidence = episode.Confidence,
            Severity = observed >= CriticalRatio * usual ? Severity.Critical : Severity.Warning,
            Impact = Math.Max(0, observed - usual) * _perStep * StepsPerHour,
            Sentence = AnomalyWords.Sentence(
                $"the median duration of {name}", TimeOf(episode.Since), episode.Until is { } end ? TimeOf(end) : null, observed, low, high, "s"),
            Action = $"Compare {OperationNouns.Plural(type)} of this name before and after.",
            Evidence =
            [
                new("observed", observed, "s"), new("expected_low", low, "s"), new("expected", usual, "s"), new("expected_high", high, "s"),
                new("peak", Math.Exp(episode.Peak), "s"), new("operations_per_hour", Math.Round(_perStep * StepsPerHour), ""),
            ],
        };
    }

    private static DateTimeOffset TimeOf(long step) => new(step * SeriesWatch.Step.Ticks, TimeSpan.Zero);
}
