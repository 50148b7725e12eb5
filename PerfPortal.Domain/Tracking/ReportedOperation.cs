using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>An operation in progress that is reported by a client.</summary>
internal sealed class ReportedOperation : ActiveOperation
{
    private readonly Lock _lock = new();
    private readonly ProgressRate _rate = new();
    private Operation _current;
    private TaskCompletionSource? _settling;
    private TaskCompletionSource _firstStore = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _lastSign;
    private bool _isStored;

    public ReportedOperation(Operation operation, DateTimeOffset lastSign)
    {
        _current = operation;
        _lastSign = lastSign;
        if (operation.Progress is not null)
        {
            _rate.Begin(lastSign);
        }
    }

    /// <inheritdoc/>
    public override Operation Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <inheritdoc/>
    public override bool IsInProcess => false;

    /// <inheritdoc/>
    public override DateTimeOffset LastSign
    {
        get
        {
            lock (_lock)
            {
                return _lastSign;
            }
        }
    }

    /// <inheritdoc/>
    public override ProgressPace Pace
    {
        get
        {
            lock (_lock)
            {
                return _rate.Pace;
            }
        }
    }

    /// <inheritdoc/>
    internal override bool IsStored
    {
        get
        {
            lock (_lock)
            {
                return _isStored;
            }
        }
    }

    /// <inheritdoc/>
    internal override Task Settled
    {
        get
        {
            lock (_lock)
            {
                return _settling?.Task ?? Task.CompletedTask;
            }
        }
    }

    /// <summary>Completes when the operation is durable for the first time, and fails as the attempt to make it so fails.</summary>
    internal Task FirstStore
    {
        get
        {
            lock (_lock)
            {
                return _firstStore.Task;
            }
        }
    }

    /// <summary>Completes <see cref="FirstStore"/>; a success replaces a failure whose outcome was unknown.</summary>
    internal void FirstStoreEnded(Exception? failure)
    {
        lock (_lock)
        {
            if (failure is null)
            {
                if (!_firstStore.TrySetResult())
                {
                    _firstStore = new();
                    _firstStore.SetResult();
                }
            }
            else if (_firstStore.TrySetException(failure))
            {
                // Usually no caller waits for it.
                _ = _firstStore.Task.Exception;
            }
        }
    }

    /// <inheritdoc/>
    internal override ReportResult Report(Progress? progress, IEnumerable<KeyValuePair<string, MetadataValue>>? metadata, DateTimeOffset now)
    {
        lock (_lock)
        {
            var merged = metadata is null ? _current.Metadata : _current.Metadata.With(metadata);
            if (metadata?.Any() == true && AcceptedEnds.Check(merged) is { } rejection)
            {
                return new(ReportOutcome.Rejected, _current, rejection);
            }

            var reported = progress?.After(_current.Progress);
            _lastSign = now;
            _isStored = false;
            _current = _current with { LastHeartbeatAt = now, Progress = reported ?? _current.Progress, Metadata = merged };
            if (reported is { } latest)
            {
                _rate.Report(latest.Done, now, latest.Unit);
            }

            return new(ReportOutcome.Accepted, _current);
        }
    }

    /// <inheritdoc/>
    internal override void Skip(TimeSpan missed, DateTimeOffset now)
    {
        lock (_lock)
        {
            var shifted = _lastSign + missed;
            _lastSign = shifted < now ? shifted : now;
            _rate.Skip(missed, now);
        }
    }

    /// <inheritdoc/>
    internal override void Expect(UsualPace usual)
    {
        lock (_lock)
        {
            _rate.Expect(usual);
        }
    }

    /// <inheritdoc/>
    internal override Operation TakeToStore()
    {
        lock (_lock)
        {
            _isStored = true;
            return _current;
        }
    }

    /// <inheritdoc/>
    internal override void NotStored()
    {
        lock (_lock)
        {
            _isStored = false;
        }
    }

    /// <inheritdoc/>
    internal override Operation? TryClaim()
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

    /// <inheritdoc/>
    internal override void Release(bool ended)
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
