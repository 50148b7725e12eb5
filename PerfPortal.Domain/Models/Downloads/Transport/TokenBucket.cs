namespace PerfPortal.Domain.Models.Downloads.Transport;

/// <summary>
/// Limits a rate: whoever has received bytes waits until they were allowed. A quarter of a second's worth may come at once. Thread-safe.
/// </summary>
/// <param name="bytesPerSecond">The limit, bytes per second, above 0.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(double bytesPerSecond, TimeProvider time)
{
    private const double BurstSeconds = 0.25;

    private readonly Lock _lock = new();
    private double _tokens = bytesPerSecond * BurstSeconds;
    private long _last = time.GetTimestamp();

    /// <summary>The share of the limit to use now, above 0 up to 1.</summary>
    public double Share { get; set; } = 1;

    /// <summary>The most that should be received at once, bytes.</summary>
    public int MaxChunk { get; } = (int)Math.Clamp(bytesPerSecond * BurstSeconds / 2, 1024, 1 << 20);

    /// <summary>Takes bytes out, and says how long to wait for them.</summary>
    public TimeSpan Take(int bytes)
    {
        lock (_lock)
        {
            double rate = bytesPerSecond * Share;
            long now = time.GetTimestamp();
            _tokens = Math.Min(rate * BurstSeconds, _tokens + (time.GetElapsedTime(_last, now).TotalSeconds * rate)) - bytes;
            _last = now;
            return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / rate);
        }
    }
}
