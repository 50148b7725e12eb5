namespace PerfPortal.Domain.Sampling;

/// <summary>Computes when the next sample is due and how much time a sample covers. All times are monotonic.</summary>
internal sealed class SamplingPace
{
    private static readonly TimeSpan FirstGap = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromMinutes(1);

    private TimeSpan? _last;
    private TimeSpan _intervalThen;
    private int _rounds;
    private int _failures;

    /// <summary>Returns the time until the next sample is due; zero or less when it is due now.</summary>
    /// <param name="now">The current time.</param>
    /// <param name="interval">The effective interval.</param>
    public TimeSpan DueIn(TimeSpan now, TimeSpan interval)
    {
        if (_last is not { } last)
        {
            return TimeSpan.Zero;
        }

        var gap = _failures > 0 ? BackOff(interval) : _rounds == 1 && interval > FirstGap ? FirstGap : interval;
        return last + gap - now;
    }

    /// <summary>Records that a sample is taken.</summary>
    /// <returns>The time that the sample covers.</returns>
    public TimeSpan Begin(TimeSpan now, TimeSpan interval, int maxIntervals)
    {
        // After a watcher has come or gone, the longer of the two intervals applies to the elapsed time.
        var inForce = interval > _intervalThen ? interval : _intervalThen;
        var cap = inForce * maxIntervals;
        var passed = _last is { } last && now > last ? now - last : TimeSpan.Zero;
        _last = now;
        _intervalThen = interval;
        _rounds++;
        return passed < cap ? passed : cap;
    }

    /// <summary>Records the number of consecutive failures.</summary>
    public void End(int failuresInARow) => _failures = failuresInARow;

    /// <summary>Returns 2, 4, 8 … seconds up to a minute, but not less than the interval.</summary>
    private TimeSpan BackOff(TimeSpan interval)
    {
        var backOff = TimeSpan.FromSeconds(1L << Math.Min(_failures, 6));
        backOff = backOff < MaxBackOff ? backOff : MaxBackOff;
        return backOff > interval ? backOff : interval;
    }
}
