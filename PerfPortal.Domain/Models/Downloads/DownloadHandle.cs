namespace PerfPortal.Domain.Models.Downloads;

/// <summary>A download that was started or resumed.</summary>
public sealed class DownloadHandle
{
    private readonly DownloadJob _job;

    internal DownloadHandle(DownloadJob job, Task<DownloadResult> completion)
    {
        _job = job;
        Completion = completion;
    }

    /// <summary>Identifies the download.</summary>
    public Guid Id => _job.Id;

    /// <summary>Ends with the result, or with the <see cref="Errors.DownloadException"/> that says why there is none.</summary>
    public Task<DownloadResult> Completion { get; }

    /// <summary>The download as it is now.</summary>
    public DownloadStatus Status => _job.Status;

    /// <summary>Cancels it; what is there is kept, so that it can be resumed.</summary>
    public void Cancel() => _job.Cancel();
}
