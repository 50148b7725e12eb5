namespace PerfPortal.Domain.Tracking;

/// <summary>
/// Measures the progress rate of an operation from the increments between its progress reports, with exponential weights and a half-life of 20 seconds.
/// What was done at the first report is not progress, because a resumed download begins with it. Mean and variance follow the incremental
/// weighted form (T. Finch, "Incremental calculation of weighted mean and variance", 2009), where the weight of an increment is the time it took.
/// </summary>
internal sealed class ProgressRate
{
    /// <summary>Seconds after which an increment counts half.</summary>
    public const double HalfLifeSeconds = 20;

    // Reports in quick succession are measured together: the intervals within a burst do not reflect the rate.
    private const double MinIntervalSeconds = 0.1;
    private const double NewestGapWeight = 0.3;

    private double? _measured;
    private DateTimeOffset _measuredAt;
    private double _latest;
    private string? _unit;
    private DateTimeOffset? _advancedAt;
    private double? _gapSeconds;
    private double _mean;
    private double _variance;
    private double _seconds;
    private bool _isInterrupted;

    /// <summary>The current state; immutable.</summary>
    public ProgressPace Pace => new()
    {
        Mean = _mean,
        Deviation = Math.Sqrt(_variance),
        Seconds = _seconds,
        MeasuredAt = _measuredAt,
        AdvancedAt = _advancedAt,
        GapSeconds = _gapSeconds,
    };

    /// <summary>Records progress that existed before the first report; it only starts the silence.</summary>
    public void Begin(DateTimeOffset at) => _advancedAt = at;

    /// <summary>Adds a progress report; a decrease (a restarted download) or a different unit restarts the measurement.</summary>
    public void Report(double done, DateTimeOffset at, string? unit = null)
    {
        if (_measured is not { } before || done < _latest || unit != _unit)
        {
            (_mean, _variance, _seconds) = (0, 0, 0);
            Measure(done, at, unit);
            _advancedAt = at;
            return;
        }

        if (done > _latest)
        {
            Advance(at);
        }

        _latest = done;
        double seconds = (at - _measuredAt).TotalSeconds;
        if (_isInterrupted || seconds < 0)
        {
            Measure(done, at, unit);
        }
        else if (seconds >= MinIntervalSeconds)
        {
            Add((done - before) / seconds, seconds);
            Measure(done, at, unit);
        }
    }

    /// <summary>Excludes time in which the portal did not run, or by which the clock was set back: the increment in that time is not measured.</summary>
    public void Skip(TimeSpan missed, DateTimeOffset now)
    {
        _isInterrupted = true;
        _measuredAt = _measured is null ? default : Earlier(_measuredAt + missed, now);
        _advancedAt = _advancedAt is { } advanced ? Earlier(advanced + missed, now) : null;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private void Advance(DateTimeOffset at)
    {
        double gap = Math.Max(0, (at - _advancedAt.GetValueOrDefault(at)).TotalSeconds);
        _gapSeconds = _gapSeconds is { } known ? known + (NewestGapWeight * (gap - known)) : gap;
        _advancedAt = at;
    }

    private void Add(double rate, double seconds)
    {
        double kept = Math.Pow(0.5, seconds / HalfLifeSeconds);
        double added = HalfLifeSeconds / Math.Log(2) * (1 - kept);
        _seconds = (_seconds * kept) + added;
        double weight = added / _seconds;
        double difference = rate - _mean;
        _mean += weight * difference;
        _variance = (1 - weight) * (_variance + (weight * difference * difference));
    }

    private void Measure(double done, DateTimeOffset at, string? unit)
    {
        (_measured, _latest, _unit, _measuredAt) = (done, done, unit, at);
        _isInterrupted = false;
    }
}
