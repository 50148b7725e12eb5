namespace PerfPortal.Domain.Models.Health.Reading;

/// <summary>Keeps reading at a rate that may change at any time. Thread-safe: several readers share it.</summary>
/// <param name="bytesPerSecond">Returns the rate now; <see langword="null"/> for no limit. Asked before each piece.</param>
/// <param name="time">The clock.</param>
/// <param name="shared">A further limit, of this and other readers together.</param>
internal sealed class ReadPace(Func<double?> bytesPerSecond, TimeProvider time, ReadPace? shared = null)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _due;

    /// <summary>Waits until a piece may be read.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask WaitAsync(long bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Take(bytes) is var wait && wait > Shortest)
        {
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }

        if (shared is not null)
        {
            await shared.WaitAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits on this thread until a piece may be read.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public void Wait(long bytes, CancellationToken cancellationToken)
    {
        var wait = WaitAsync(bytes, cancellationToken);
        if (!wait.IsCompletedSuccessfully)
        {
            wait.AsTask().GetAwaiter().GetResult();
        }
    }

    /// <summary>Reserves the time that a piece takes.</summary>
    /// <returns>The time until it begins.</returns>
    private TimeSpan Take(long bytes)
    {
        if (bytesPerSecond() is not { } rate || !(rate > 0))
        {
            return TimeSpan.Zero;
        }

        lock (_lock)
        {
            var now = time.GetElapsedTime(_start);
            // Time during which nothing was read is not made up for.
            var begin = _due > now ? _due : now;
            _due = begin + TimeSpan.FromSeconds(Math.Min(bytes / rate, Longest.TotalSeconds));
            return begin - now;
        }
    }
}
