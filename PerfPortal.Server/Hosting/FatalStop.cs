namespace PerfPortal.Server.Hosting;

/// <summary>Stops the portal with exit code 1 and a one-sentence message on standard error.</summary>
internal sealed class FatalStop(IHostApplicationLifetime lifetime)
{
    private string? _reason;

    /// <summary>Why the portal stops, or <see langword="null"/>.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    /// <summary>Starts stopping; the first reason counts.</summary>
    public void Stop(string reason)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            lifetime.StopApplication();
        }
    }
}
