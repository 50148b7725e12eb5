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
    private DownloadStatus? _last;
    private DownloadRun? _run;
    private Action? _cancel;
    private Guid _operationId;
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
        _record = record.State is DownloadState.Queued or DownloadState.Running
            ? record with { State = DownloadState.Interrupted, EndedAt = parts.Time.GetUtcNow() }
            : record;
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
                return _run?.Figures is not { } figures ? Merge(status) : status with
                {
                    BytesDone = figures.Done,
                    BytesTotal = figures.Total,
                    BytesPerSecond = _record.State == DownloadState.Running ? figures.Speed.BytesPerSecond : 0,
                    Connections = figures.Connections,
                    Retries = figures.Retries.Count,
                    Notes = figures.Notes,
                    Files = figures.Files,
                };
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
            var run = _run = new(_parts, _request);
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
            _operationId = operationId;
            Save(_record with { State = DownloadState.Running });
        }
    }

    private void End(DownloadState state, DownloadException? failure)
    {
        lock (_lock)
        {
            bool isFailure = state == DownloadState.Failed;
            Save(_record with
            {
                State = state,
                EndedAt = _parts.Time.GetUtcNow(),
                BytesDone = _run!.Figures?.Done ?? 0,
                Error = isFailure ? failure!.Message : null,
                ErrorCategory = isFailure ? failure!.Category.WireName() : null,
            });
            _cancel = null;
            _last = Status with { BytesPerSecond = 0, Connections = 0 };
            _run = null;
        }
    }

    private void Save(DownloadRecord record)
    {
        _record = record;
        _store.Write(record);
    }

    private DownloadStatus Describe() => new()
    {
        Id = _record.Id,
        Name = _request.DisplayName,
        Directory = _request.Directory,
        IsRepair = _request.IsRepair,
        Url = SafeUrl.ForReports(_request.Files[0].Url),
        State = _record.State,
        CreatedAt = _record.CreatedAt,
        EndedAt = _record.EndedAt,
        Error = _record.Error,
        ErrorCategory = _record.ErrorCategory,
        LacksCredentials = _lacksCredentials && !_request.NeedsCredentials,
        OperationId = _operationId,
    };

    /// <summary>Without a run, the figures are those of the last one, or of the request.</summary>
    private DownloadStatus Merge(DownloadStatus status) => _last is not null
        ? status with { BytesDone = _last.BytesDone, BytesTotal = _last.BytesTotal, Retries = _last.Retries, Notes = _last.Notes, Files = _last.Files }
        : status with
        {
            BytesDone = _record.BytesDone,
            BytesTotal = _request.Files.All(file => file.SizeBytes is not null) ? _request.Files.DistinctBy(file => file.Path).Sum(file => file.SizeBytes!.Value) : null,
            Files = [.. _request.Files.DistinctBy(file => file.Path).Select(file => new FileStatus(
                file.LinkPath?.Split('/')[^1] ?? file.Path, 0, file.SizeBytes, _record.State == DownloadState.Completed, false))],
        };
}
