namespace PerfPortal.Domain.Tracking;

/// <summary>
/// Measures the progress rate of an operation from the increments between its progress reports, with exponential weights and half-lives of 20, 80 and 320 seconds.
/// What was done at the first report is not progress, because a resumed download begins with it.
/// </summary>
internal sealed class ProgressRate
{
    /// <summary>Seconds after which an increment counts half in the rate that is shown.</summary>
    public const double HalfLifeSeconds = 20;

    /// <summary>The half-life of the rate for a longer future.</summary>
    public const double MiddleHalfLifeSeconds = 80;

    /// <summary>The half-life of the rate for a long future.</summary>
    public const double LongHalfLifeSeconds = 320;

    // Reports in quick succession are measured together: the intervals within a burst do not reflect the rate.
    private const double MinIntervalSeconds = 0.1;
    private const double NewestGapWeight = 0.3;

    // After a long silence, a single step is an advance, however much work the silence cost.
    private const double MaxDemandedSeconds = 300;

    private double? _measured;
    private DateTimeOffset _measuredAt;
    private double _latest;
    private string? _unit;
    private DateTimeOffset? _advancedAt;
    private double _advancedTo;
    private double? _gapSeconds;
    private WeightedRate _short;
    private WeightedRate _middle;
    private WeightedRate _long;
    private double _interval;
    private double _work;
    private double _workSeconds;
    private UsualPace? _usual;
    private bool _isInterrupted;

    /// <summary>The current state; immutable.</summary>
    public ProgressPace Pace => new()
    {
        Short = _short,
        Middle = _middle,
        Long = _long,
        IntervalSeconds = _interval,
        Work = _work,
        WorkSeconds = _workSeconds,
        Unit = _unit,
        MeasuredAt = _measuredAt,
        AdvancedAt = _advancedAt,
        GapSeconds = _gapSeconds,
        UsualGapSeconds = _usual?.GapSeconds,
    };

    /// <summary>Records progress that existed before the first report; it only starts the silence.</summary>
    public void Begin(DateTimeOffset at) => _advancedAt = at;

    /// <summary>States what operations of this name usually achieve, by which a stall is recognised.</summary>
    public void Expect(UsualPace? usual) => _usual = usual;

    /// <summary>Adds a progress report; a decrease (a restarted download) or a different unit restarts the measurement.</summary>
    public void Report(double done, DateTimeOffset at, string? unit = null)
    {
        if (_measured is not { } before || done < _latest || unit != _unit)
        {
            (_short, _middle, _long) = (default, default, default);
            (_interval, _work, _workSeconds) = (0, 0, 0);
            Measure(done, at, unit);
            (_advancedAt, _advancedTo) = (at, done);
            return;
        }

        if (IsAdvance(done, at))
        {
            Advance(done, at);
        }

        _latest = done;
        double seconds = (at - _measuredAt).TotalSeconds;
        if (_isInterrupted || seconds < 0)
        {
            Measure(done, at, unit);
        }
        else if (seconds >= MinIntervalSeconds)
        {
            Add(done - before, seconds);
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

    // A connection that trickles, compared with what operations of its name usually achieve, makes no progress.
    private bool IsAdvance(double done, DateTimeOffset at)
    {
        double slowest = _usual is { } known && known.Unit == _unit ? known.SlowestPerSecond : 0;
        double seconds = Math.Clamp((at - _advancedAt.GetValueOrDefault(at)).TotalSeconds, 0, MaxDemandedSeconds);
        return done > _latest && done - _advancedTo >= slowest * seconds;
    }

    private void Advance(double done, DateTimeOffset at)
    {
        double gap = Math.Max(0, (at - _advancedAt.GetValueOrDefault(at)).TotalSeconds);
        _gapSeconds = _gapSeconds is { } known ? known + (NewestGapWeight * (gap - known)) : gap;
        (_advancedAt, _advancedTo) = (at, done);
    }

    private void Add(double increment, double seconds)
    {
        double rate = increment / seconds;
        _short = _short.With(rate, seconds, HalfLifeSeconds);
        _middle = _middle.With(rate, seconds, MiddleHalfLifeSeconds);
        _long = _long.With(rate, seconds, LongHalfLifeSeconds);
        _interval = _interval > 0 ? _interval + (NewestGapWeight * (seconds - _interval)) : seconds;
        _work += increment;
        _workSeconds += seconds;
    }

    private void Measure(double done, DateTimeOffset at, string? unit)
    {
        (_measured, _latest, _unit, _measuredAt) = (done, done, unit, at);
        _isInterrupted = false;
    }
}
