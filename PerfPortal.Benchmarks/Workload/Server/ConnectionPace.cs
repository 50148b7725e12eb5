namespace PerfPortal.Benchmarks.Workload.Server;

/// <summary>Keeps one connection below a rate, over all the requests that it carries one after the other.</summary>
internal sealed class ConnectionPace(TimeProvider time)
{
    /// <summary>The key in the items of a connection.</summary>
    public static readonly object Key = new();

    private long? _freeAt;

    /// <summary>The bytes to send in one piece: a twentieth of a second's worth, within what suits a buffer.</summary>
    public static int PieceOf(long? bytesPerSecond, int most) => bytesPerSecond is { } rate ? (int)Math.Clamp(rate / 20, 1, most) : most;

    /// <summary>Waits until so many bytes may be sent.</summary>
    public async ValueTask WaitAsync(int bytes, long bytesPerSecond, CancellationToken cancellationToken)
    {
        long now = time.GetTimestamp();
        long start = Math.Max(now, _freeAt ?? now);
        _freeAt = start + (long)((double)bytes / bytesPerSecond * time.TimestampFrequency);
        var wait = time.GetElapsedTime(now, _freeAt.Value);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }
}
