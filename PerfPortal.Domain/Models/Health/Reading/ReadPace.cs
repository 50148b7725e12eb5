namespace PerfPortal.Domain.Models.Health.Reading;

/// <summary>Keeps reading at a rate that may change at any time.</summary>
/// <param name="bytesPerSecond">Returns the rate now; <see langword="null"/> for no limit. Asked before each piece.</param>
/// <param name="time">The clock.</param>
internal sealed class ReadPace(Func<double?> bytesPerSecond, TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private DateTimeOffset _due = time.GetUtcNow();

    /// <summary>Waits until a piece may be read.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask WaitAsync(long bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (bytesPerSecond() is not { } rate || !(rate > 0))
        {
            return;
        }

        var now = time.GetUtcNow();
        var wait = _due - now;
        // Time during which nothing was read, and a clock that was set back, are not made up for.
        _due = wait < TimeSpan.Zero || wait > Longest ? now : _due;
        _due += TimeSpan.FromSeconds(Math.Min(bytes / rate, Longest.TotalSeconds));
        if (wait > Shortest && wait <= Longest)
        {
            await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
