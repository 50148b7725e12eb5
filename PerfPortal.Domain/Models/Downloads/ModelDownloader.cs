using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Advice;
using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Domain.Models.Downloads;

/// <summary>
/// Downloads files and whole models: over parallel connections, resumable after a crash, with retries, verified while they arrive, and never half a file under its final name. Each download is
/// reported as an operation. Numbers such as connections and delays come from an adviser. Thread-safe.
/// </summary>
public sealed class ModelDownloader : IAsyncDisposable
{
    private readonly DownloaderParts _parts;
    private readonly DownloadStore _store;
    private readonly Lock _lock = new();

    // Bounded by MaxRemembered, beyond those that are active.
    private readonly List<DownloadJob> _jobs = [];
    private bool _isDisposed;

    /// <summary>Creates a downloader and restores the downloads of its state directory.</summary>
    /// <param name="options">The options.</param>
    /// <param name="tracker">Gets an operation for each download.</param>
    /// <param name="adviser">Gives the numbers to use.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The log.</param>
    /// <param name="handler">Sends the requests instead of the downloader's own; it must not follow redirects or decompress. It is not disposed, and proxies and the check of addresses are its business.</param>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    /// <exception cref="DownloadException">The state directory cannot be created.</exception>
    public ModelDownloader(
        DownloaderOptions options, PerformanceTracker tracker, IAdviser adviser, TimeProvider time, ILogger? logger = null, HttpMessageHandler? handler = null)
    {
        options.Check();
        _store = new(options.StateDirectory, logger);
        _parts = new(options, tracker, adviser, time, logger, handler);
        foreach (var record in _store.ReadAll())
        {
            _jobs.Add(new(_parts, _store, record));
        }

        if (options.ResumeInterrupted)
        {
            foreach (var job in _jobs.Where(job => job.CanResumeAlone).ToList())
            {
                Observe(job.TryStart(null));
            }
        }
    }

    /// <summary>Starts a download.</summary>
    /// <exception cref="ArgumentException">The request is not valid; the message names the member.</exception>
    /// <exception cref="ObjectDisposedException">The downloader is disposed.</exception>
    public DownloadHandle Start(DownloadRequest request)
    {
        if (request.Check() is { } reason)
        {
            throw new ArgumentException(reason, nameof(request));
        }

        var job = new DownloadJob(_parts, _store, request with { Directory = Path.GetFullPath(request.Directory) });
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _jobs.Add(job);
            Trim();
            return new(job, Observe(job.TryStart(null))!);
        }
    }

    /// <summary>Downloads, and returns when all files are there.</summary>
    /// <exception cref="ArgumentException">The request is not valid; the message names the member.</exception>
    /// <exception cref="DownloadException">It failed, or was cancelled by its id.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled; what is there is kept, so that it can be resumed.</exception>
    public async Task<DownloadResult> DownloadAsync(DownloadRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var handle = Start(request);
        await using var registration = cancellationToken.Register(handle.Cancel).ConfigureAwait(false);
        try
        {
            return await handle.Completion.ConfigureAwait(false);
        }
        catch (DownloadException exception) when (exception.Category == DownloadErrorCategory.Cancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>Returns the downloads, in the order in which they were started first.</summary>
    public IReadOnlyList<DownloadStatus> List() => [.. Jobs().Select(job => job.Status)];

    /// <summary>Returns a download, or <see langword="null"/> when the id is not known.</summary>
    public DownloadStatus? Find(Guid id) => FindJob(id)?.Status;

    /// <summary>Cancels a download that waits or runs; what is there is kept.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Cancel(Guid id) => FindJob(id)?.Cancel() == true;

    /// <summary>Continues a download that was interrupted or cancelled, or that failed.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="authorization">The value of the Authorization header, which is not stored, so that it has to be given again after a restart.</param>
    /// <returns>The download, or <see langword="null"/> when the id is not known, or it is active or complete.</returns>
    public DownloadHandle? Resume(Guid id, string? authorization = null)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _jobs.Find(job => job.Id == id) is { } job && Observe(job.TryStart(authorization)) is { } completion ? new(job, completion) : null;
        }
    }

    /// <summary>Forgets a download that is not active. Its complete files stay; what was begun stays too, and is used when the same file is downloaded again.</summary>
    /// <returns>Whether it was forgotten.</returns>
    public bool Remove(Guid id)
    {
        lock (_lock)
        {
            if (_jobs.Find(job => job.Id == id) is not { IsActive: false } job)
            {
                return false;
            }

            _jobs.Remove(job);
            _store.Delete(id);
            return true;
        }
    }

    /// <summary>The downloads that are remembered, the latest first; their requests have their credentials where they are known.</summary>
    internal IReadOnlyList<DownloadJob> Remembered() => [.. Jobs().AsEnumerable().Reverse()];

    /// <summary>Interrupts what runs, so that it can be resumed by the next downloader on the state directory.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            _isDisposed = true;
        }

        var jobs = Jobs();
        foreach (var job in jobs)
        {
            job.Stop();
        }

        await Task.WhenAll(jobs.Select(job => job.Ended)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _parts.Dispose();
    }

    /// <summary>A failure that nobody waits for is in the list.</summary>
    private static Task<DownloadResult>? Observe(Task<DownloadResult>? completion)
    {
        _ = completion?.ContinueWith(
            static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return completion;
    }

    private List<DownloadJob> Jobs()
    {
        lock (_lock)
        {
            return [.. _jobs];
        }
    }

    private DownloadJob? FindJob(Guid id)
    {
        lock (_lock)
        {
            return _jobs.Find(job => job.Id == id);
        }
    }

    private void Trim()
    {
        foreach (var old in _jobs.Where(job => job is { IsActive: false, EndedAt: not null }).OrderByDescending(job => job.EndedAt).Skip(_parts.Options.MaxRemembered).ToList())
        {
            _jobs.Remove(old);
            _store.Delete(old.Id);
        }
    }
}
