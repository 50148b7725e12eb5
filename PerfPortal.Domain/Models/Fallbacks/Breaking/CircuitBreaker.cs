namespace PerfPortal.Domain.Models.Fallbacks.Breaking;

/// <summary>
/// Leaves a candidate alone that failed several times in a row, then lets one attempt through to see whether it is back. Thread-safe; time is measured
/// by a clock that does not jump.
/// </summary>
/// <remarks>
/// Not Polly's: that closes a half-open circuit when the probe is cancelled, becomes half-open only when something is executed, so that a page would show
/// it as open, and counts results of attempts that began before it opened.
/// </remarks>
internal sealed class CircuitBreaker
{
    private readonly BreakerOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private int _failures;
    private long? _openedAt;
    private TimeSpan _openFor;
    private bool _isProbing;
    private long _generation;

    public CircuitBreaker(BreakerOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
    }

    /// <summary>What it is doing now.</summary>
    public BreakerStatus Status
    {
        get
        {
            lock (_lock)
            {
                var left = Left();
                return new(
                    _openedAt is null ? BreakerState.Closed : left > TimeSpan.Zero ? BreakerState.Open : BreakerState.HalfOpen,
                    _failures, left, _isProbing);
            }
        }
    }

    /// <summary>Asks to make an attempt, whose end must be told with the permit.</summary>
    /// <returns><see langword="null"/> when the attempt must not be made.</returns>
    public Permit? TryEnter()
    {
        lock (_lock)
        {
            if (_openedAt is null)
            {
                return new(_generation);
            }

            if (_isProbing || Left() > TimeSpan.Zero)
            {
                return null;
            }

            _isProbing = true;
            return new(++_generation);
        }
    }

    /// <summary>Tells how an attempt ended. Attempts from before the last change of state tell nothing about the candidate now, and do not count.</summary>
    public void Exit(Permit permit, AttemptEnd end)
    {
        lock (_lock)
        {
            if (permit.Generation != _generation)
            {
                return;
            }

            bool wasProbing = _isProbing;
            _isProbing = false;
            if (end == AttemptEnd.Succeeded)
            {
                Close();
            }
            else if (end == AttemptEnd.Failed && (++_failures >= _options.Failures || wasProbing))
            {
                Open(wasProbing);
            }
        }
    }

    /// <summary>Tells how an attempt ended that was made elsewhere, without a permit.</summary>
    public void Report(bool succeeded)
    {
        if (TryEnter() is { } permit)
        {
            Exit(permit, succeeded ? AttemptEnd.Succeeded : AttemptEnd.Failed);
            return;
        }

        lock (_lock)
        {
            if (succeeded)
            {
                Close();
            }
        }
    }

    private void Close()
    {
        if (_openedAt is not null)
        {
            _generation++;
            _isProbing = false;
        }

        (_failures, _openedAt) = (0, null);
    }

    private void Open(bool again)
    {
        _openFor = again ? TimeSpan.FromTicks(Math.Min(_openFor.Ticks * 2, _options.MaxOpenFor.Ticks)) : _options.OpenFor;
        _openedAt = _time.GetTimestamp();
        _generation++;
    }

    private TimeSpan Left()
    {
        var left = _openedAt is { } opened ? _openFor - _time.GetElapsedTime(opened) : TimeSpan.Zero;
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>The permission to make one attempt.</summary>
    /// <param name="Generation">The state in which it was given.</param>
    public readonly record struct Permit(long Generation);
}

/// <summary>How an attempt ended.</summary>
internal enum AttemptEnd
{
    /// <summary>It succeeded.</summary>
    Succeeded,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It was cancelled, which tells nothing about the candidate.</summary>
    Cancelled,
}
