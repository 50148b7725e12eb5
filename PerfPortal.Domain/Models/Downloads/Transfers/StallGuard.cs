using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>
/// Cancels an attempt that makes too little progress: in every stretch of the stall time at least a KiB a second has to arrive, so that a server that sends a byte now and then is
/// recognised too. One an attempt.
/// </summary>
internal sealed class StallGuard : IDisposable
{
    /// <summary>The least that has to arrive, bytes per second on average over the stall time.</summary>
    public const int MinBytesPerSecond = 1024;

    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stall;
    private readonly CancellationTokenSource _linked;
    private readonly long _needed;
    private long _received;
    private long _armedAt;

    /// <summary>Starts to watch.</summary>
    public StallGuard(TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        _limit = limit;
        _time = time;
        _needed = (long)(limit.TotalSeconds * MinBytesPerSecond);
        _stall = new CancellationTokenSource(limit, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stall.Token);
        _armedAt = time.GetTimestamp();
    }

    /// <summary>Cancels the attempt.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>Whether the attempt was cancelled for too little progress.</summary>
    public bool IsStalled => _stall.IsCancellationRequested;

    /// <summary>The failure.</summary>
    public DownloadException Failure(string host) => new(
        DownloadErrorCategory.Network, $"{host} sent {(_received == 0 ? "nothing" : $"only {Format.Bytes(_received)}")} in {Format.Duration(_limit)}.") { IsTransient = true };

    /// <summary>Counts received bytes.</summary>
    public void Count(int bytes)
    {
        _received += bytes;

        // Moving the timer for every read would cost more than the read.
        if (_received >= _needed && _time.GetElapsedTime(_armedAt) >= _limit / 8)
        {
            Arm();
        }
    }

    /// <summary>Stops the clock while the download itself waits.</summary>
    public void Suspend() => _stall.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>Starts a new stretch.</summary>
    public void Arm()
    {
        _received = 0;
        _armedAt = _time.GetTimestamp();
        _stall.CancelAfter(_limit);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _linked.Dispose();
        _stall.Dispose();
    }
}
