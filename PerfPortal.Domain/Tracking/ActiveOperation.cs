using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>An operation in progress: its present state, how fast it goes, and who may end it.</summary>
public sealed class ActiveOperation
{
    private readonly Lock _lock = new();
    private readonly ProgressRate _rate = new();
    private Operation _current;
    private TaskCompletionSource? _settling;
    private DateTimeOffset _lastSign;
    private bool _isStored;

    internal ActiveOperation(Operation operation, bool isInProcess, DateTimeOffset lastSign)
    {
        _current = operation;
        IsInProcess = isInProcess;
        _lastSign = lastSign;
        if (operation.Progress is { } progress)
        {
            _rate.Report(progress.Done, lastSign);
        }
    }

    /// <summary>Its state now.</summary>
    public Operation Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>Whether a scope in this process holds it; such a one needs no heartbeat.</summary>
    public bool IsInProcess { get; }

    /// <summary>When it last gave a sign of life, as far as silence is counted: time in which the portal was down is not silence.</summary>
    public DateTimeOffset LastSign
    {
        get
        {
            lock (_lock)
            {
                return _lastSign;
            }
        }
    }

    /// <summary>Whether it was stored as it is now.</summary>
    internal bool IsStored
    {
        get
        {
            lock (_lock)
            {
                return _isStored;
            }
        }
    }

    /// <summary>How fast it goes, in units of its progress a second, and how much that varies; <see langword="null"/> before two reports.</summary>
    public RateEstimate? Rate
    {
        get
        {
            lock (_lock)
            {
                return _rate.Estimate;
            }
        }
    }

    /// <summary>Takes a report of progress, further metadata, or a mere heartbeat.</summary>
    internal Operation Report(Progress? progress, IEnumerable<KeyValuePair<string, MetadataValue>>? metadata, DateTimeOffset now)
    {
        lock (_lock)
        {
            _lastSign = now;
            _isStored = false;
            _current = _current with
            {
                LastHeartbeatAt = now,
                Progress = progress ?? _current.Progress,
                Metadata = metadata is null ? _current.Metadata : _current.Metadata.With(metadata),
            };
            if (progress is { } reported)
            {
                _rate.Report(reported.Done, now);
            }

            return _current;
        }
    }

    /// <summary>Its state, to be stored; a report that comes meanwhile makes it not stored again.</summary>
    internal Operation TakeToStore()
    {
        lock (_lock)
        {
            _isStored = true;
            return _current;
        }
    }

    /// <summary>What was taken to be stored was not.</summary>
    internal void NotStored()
    {
        lock (_lock)
        {
            _isStored = false;
        }
    }

    /// <summary>Claims the right to end it. Who gets <see langword="null"/> waits for <see cref="Settled"/>.</summary>
    internal Operation? TryClaim()
    {
        lock (_lock)
        {
            if (_settling is not null)
            {
                return null;
            }

            _settling = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _current;
        }
    }

    /// <summary>Completes when the one who claimed it is done, well or not.</summary>
    internal Task Settled
    {
        get
        {
            lock (_lock)
            {
                return _settling?.Task ?? Task.CompletedTask;
            }
        }
    }

    /// <summary>The claim is done; when it failed, the next one may claim.</summary>
    internal void Release(bool ended)
    {
        lock (_lock)
        {
            var settling = _settling;
            if (!ended)
            {
                _settling = null;
            }

            settling?.TrySetResult();
        }
    }
}
