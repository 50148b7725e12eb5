namespace PerfPortal.Domain.Tracking;

/// <summary>
/// Detects time in which the process did not run: the machine slept, or the process or its container was paused. No reports can have arrived in that time.
/// It is called regularly and compares the time between two calls with the expected interval. Thread-safe.
/// </summary>
public sealed class SuspensionWatch
{
    /// <summary>How often <see cref="Check"/> has to be called.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>A longer time between two calls means that the process did not run.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(10);

    private const int MaxGaps = 256;

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();

    // The oldest gap is forgotten beyond the limit.
    private readonly Queue<(DateTimeOffset From, DateTimeOffset To)> _gaps = new();
    private DateTimeOffset _last;

    /// <summary>Creates a watch.</summary>
    public SuspensionWatch(TimeProvider time)
    {
        _time = time;
        _last = time.GetUtcNow();
    }

    /// <summary>
    /// Returns the time since the last call in which the process did not run: usually zero. Negative when the clock was set back; set forward,
    /// it looks like a suspension, and is one for everything that is measured by the clock.
    /// </summary>
    public TimeSpan Check()
    {
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            var gap = now - _last;
            _last = now;
            if (gap < -Period)
            {
                return gap;
            }

            if (gap <= Tolerance)
            {
                return TimeSpan.Zero;
            }

            var missed = gap - Period;
            _gaps.Enqueue((now - missed, now));
            if (_gaps.Count > MaxGaps)
            {
                _gaps.Dequeue();
            }

            return missed;
        }
    }

    /// <summary>Returns how long the process has not run since a time.</summary>
    public TimeSpan MissedSince(DateTimeOffset since)
    {
        lock (_lock)
        {
            var missed = TimeSpan.Zero;
            foreach (var (from, to) in _gaps)
            {
                missed += to <= since ? TimeSpan.Zero : to - (from > since ? from : since);
            }

            return missed;
        }
    }
}
