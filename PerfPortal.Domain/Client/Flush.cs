namespace PerfPortal.Domain.Client;

/// <summary>Somebody who waits until what was reported before has been delivered; what is reported meanwhile is not waited for.</summary>
/// <param name="operations">The number of operations reported before.</param>
/// <param name="samples">The number of samples reported before.</param>
internal sealed class Flush(long operations, long samples)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long? _file;

    /// <summary>Completes when all is delivered; cancelled when the client is closed before.</summary>
    public Task Task => _done.Task;

    /// <summary>Completes the wait if all has left the queues and the files. Only between two requests.</summary>
    /// <returns>Whether it is complete.</returns>
    public bool TryComplete(ReportQueue operationQueue, ReportQueue sampleQueue, Spill spill)
    {
        if (_file is null && operationQueue.Gone >= operations && sampleQueue.Gone >= samples)
        {
            // What left the queues for files is in files older than this.
            _file = spill.NextFile;
        }

        return _file is { } file && !spill.HasFileBefore(file) && _done.TrySetResult();
    }

    /// <summary>Ends the wait because the client is closed.</summary>
    public void Cancel() => _done.TrySetCanceled();
}
