namespace PerfPortal.Server.Views;

/// <summary>Whether the portal has its database and has brought back what was in progress.</summary>
internal sealed class PortalReadiness
{
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the portal is ready.</summary>
    public Task WhenReady => _ready.Task;

    /// <summary>Whether the portal is ready.</summary>
    public bool IsReady => _ready.Task.IsCompletedSuccessfully;

    /// <summary>Why it is not ready yet, in one sentence.</summary>
    public string? Reason { get; private set; } = "The portal is starting.";

    /// <summary>The portal is ready.</summary>
    public void Set()
    {
        Reason = null;
        _ready.TrySetResult();
    }

    /// <summary>The start did not succeed yet.</summary>
    public void Failed(string reason) => Reason = reason;
}
