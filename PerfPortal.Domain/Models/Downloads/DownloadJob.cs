using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Transport;

namespace PerfPortal.Domain.Models.Downloads;

/// <summary>A download in the list: its request, its state, and its run while it has one. Thread-safe.</summary>
internal sealed class DownloadJob
{
    private readonly DownloaderParts _parts;
    private readonly DownloadStore _store;
    private readonly Lock _lock = new();
    private readonly bool _lacksCredentials;
    private DownloadRequest _request;
    private DownloadRecord _record;
    private IReadOnlyList<FileStatus>? _known;
    private DownloadRun? _run;
    private Action? _cancel;
    private bool _isStopping;

    /// <summary>Creates the job of a new request.</summary>
    public DownloadJob(DownloaderParts parts, DownloadStore store, DownloadRequest request)
    {
        _parts = parts;
        _store = store;
        _request = request;
        _record = DownloadRecord.Of(Guid.CreateVersion7(parts.Time.GetUtcNow()), request, DownloadState.Queued, parts.Time.GetUtcNow());
    }

    /// <summary>Creates the job of a stored download.</summary>
    public DownloadJob(DownloaderParts parts, DownloadStore store, DownloadRecord record)
    {
        _parts = parts;
        _store = store;
        _request = record.ToRequest();
        _lacksCredentials = record.NeedsCredentials;
        _record = record.State is DownloadState.Queued or DownloadState.Running ? Interrupt(record) : record;
    }

    /// <summary>Identifies it.</summary>
    public Guid Id => _record.Id;

    /// <summary>What it downloads.</summary>
    public DownloadRequest Request
    {
        get
        {
            lock (_lock)
            {
                return _request;
            }
        }
    }

    /// <summary>Whether it waits or runs.</summary>
    public bool IsActive
    {
        get
        {
            lock (_lock)
            {
                return _cancel is not null;
            }
        }
    }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt
    {
        get
        {
            lock (_lock)
            {
                return _record.EndedAt;
            }
        }
    }

    /// <summary>Whether it can go on by itself after a restart.</summary>
    public bool CanResumeAlone => _record.State == DownloadState.Interrupted && (!_lacksCredentials || _parts.Options.Authorize is not null);

    /// <summary>The run that ends when nothing of it is active any more.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>The download as it is now.</summary>
    public DownloadStatus Status
    {
        get
        {
            lock (_lock)
            {
                var status = Describe();
                return _run?.Figures is { } figures ? figures.AddTo(status) : AddKnown(status);
            }
        }
    }

    /// <summary>Starts a run.</summary>
    /// <param name="authorization">Replaces the Authorization header of the request, if given.</param>
    /// <returns>The end of the run, or <see langword="null"/> when it is already active or complete.</returns>
    public Task<DownloadResult>? TryStart(string? authorization)
    {
        lock (_lock)
        {
            if (_cancel is not null || _isStopping || _record.State == DownloadState.Completed)
            {
                return null;
            }

            _request = authorization is null ? _request : _request with { Authorization = authorization };
            var cancellation = new CancellationTokenSource();
            _cancel = cancellation.Cancel;
            var run = _run = new(_parts, _request, Known);
            Save(_record with { State = DownloadState.Queued, EndedAt = null, Error = null, ErrorCategory = null });
            var completion = Task.Run(() => RunAsync(run, cancellation), CancellationToken.None);
            Ended = completion;
            return completion;
        }
    }

    /// <summary>Cancels the run, if there is one.</summary>
    public bool Cancel()
    {
        lock (_lock)
        {
            _cancel?.Invoke();
            return _cancel is not null;
        }
    }

    /// <summary>Ends the run because the process ends; it counts as interrupted.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopping = true;
            _cancel?.Invoke();
        }
    }

    private async Task<DownloadResult> RunAsync(DownloadRun run, CancellationTokenSource cancellation)
    {
        using var _ = cancellation;
        try
        {
            var result = await run.RunAsync(OnStarted, cancellation.Token).ConfigureAwait(false);
            End(DownloadState.Completed, null);
            return result with { Id = Id };
        }
        catch (DownloadException exception)
        {
            bool isCancelled = exception.Category == DownloadErrorCategory.Cancelled;
            End(!isCancelled ? DownloadState.Failed : _isStopping ? DownloadState.Interrupted : DownloadState.Cancelled, exception);
            throw;
        }
    }

    private void OnStarted(Guid operationId)
    {
        lock (_lock)
        {
            Save(_record with { State = DownloadState.Running, LastRun = (_record.LastRun ?? new()) with { OperationId = operationId } });
        }
    }

    private void End(DownloadState state, DownloadException? failure)
    {
        lock (_lock)
        {
            bool isFailure = state == DownloadState.Failed;
            var last = Status;
            Save(_record with
            {
                State = state,
                EndedAt = _parts.Time.GetUtcNow(),
                BytesDone = last.BytesDone,
                Error = isFailure ? failure!.Message : null,
                ErrorCategory = isFailure ? failure!.Category.WireName() : null,
                LastRun = RunRecord.Of(last, _record.LastRun?.OperationId),
            });
            _cancel = null;
            _run = null;
        }
    }

    private void Save(DownloadRecord record)
    {
        _record = record;
        _known = null;
        _store.Write(record);
    }

    /// <summary>The process was killed: what it left on the disk is what there is.</summary>
    private DownloadRecord Interrupt(DownloadRecord record)
    {
        var left = KnownFiles.OnDisk(_request);
        return record with
        {
            State = DownloadState.Interrupted,
            EndedAt = _parts.Time.GetUtcNow(),
            BytesDone = left?.Sum(file => file.BytesDone) ?? record.BytesDone,
            LastRun = left is null ? record.LastRun : RunRecord.Of(left, record.LastRun?.OperationId),
        };
    }

    private IReadOnlyList<FileStatus> Known => _known ??= KnownFiles.Of(_record, _request);

    private DownloadStatus Describe() => new()
    {
        Id = _record.Id,
        Name = _request.DisplayName,
        Directory = _request.Directory,
        IsRepair = _request.IsRepair,
        Url = SafeUrl.ForReports(_request.Files[0].Url),
        Origin = _request.Origin,
        State = _record.State,
        CreatedAt = _record.CreatedAt,
        EndedAt = _record.EndedAt,
        Error = _record.Error,
        ErrorCategory = _record.ErrorCategory,
        LacksCredentials = _lacksCredentials && !_request.NeedsCredentials,
        OperationId = _record.State == DownloadState.Queued ? Guid.Empty : _record.LastRun?.OperationId ?? Guid.Empty,
    };

    /// <summary>Without a run, the figures are those of the last one; while it waits for its turn, it has made no retries yet.</summary>
    private DownloadStatus AddKnown(DownloadStatus status)
    {
        bool isQueued = status.State == DownloadState.Queued;
        return status with
        {
            BytesDone = _record.BytesDone,
            BytesTotal = _record.LastRun?.BytesTotal ?? KnownFiles.TotalOf(Known) ?? (status.State == DownloadState.Completed && _record.BytesDone > 0 ? _record.BytesDone : null),
            Retries = isQueued ? 0 : _record.LastRun?.Retries,
            Notes = isQueued ? [] : _record.LastRun?.Notes ?? [],
            Files = Known,
        };
    }
}
