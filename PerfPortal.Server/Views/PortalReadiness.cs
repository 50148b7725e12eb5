namespace PerfPortal.Server.Views;

/// <summary>The readiness of the portal: whether the database is open and running operations have been recovered.</summary>
internal sealed class PortalReadiness
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isClosed;
    private readonly TaskCompletionSource _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the portal is ready.</summary>
    public Task WhenReady => _ready.Task;

    /// <summary>Completes when the portal is ready, or when the first attempt to become ready has failed.</summary>
    public Task WhenAttempted => _attempted.Task;

    /// <summary>Whether the portal is ready.</summary>
    public bool IsReady => _ready.Task.IsCompletedSuccessfully && !_isClosed;

    /// <summary>A sentence that states why the portal is not ready.</summary>
    public string? Reason { get; private set; } = "The portal is starting.";

    /// <summary>Marks the portal as ready.</summary>
    public void Set()
    {
        Reason = null;
        _ready.TrySetResult();
        _attempted.TrySetResult();
    }

    /// <summary>Permanently revokes readiness, before the portal stops.</summary>
    public void Close(string reason)
    {
        Reason = reason;
        _isClosed = true;
    }

    /// <summary>Records why startup has not succeeded yet.</summary>
    public void Failed(string reason)
    {
        Reason = reason;
        _attempted.TrySetResult();
    }
}
