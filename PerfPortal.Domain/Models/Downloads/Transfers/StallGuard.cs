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
    private readonly TransferFigures _figures;
    private readonly CancellationTokenSource _stall;
    private readonly CancellationTokenSource _linked;
    private readonly long _needed;
    private long _received;
    private long _armedAt;
    private long _heardAt;
    private TimeSpan _longest;

    /// <summary>Starts to watch.</summary>
    public StallGuard(TimeSpan limit, TimeProvider time, TransferFigures figures, CancellationToken cancellationToken)
    {
        _limit = limit;
        _time = time;
        _figures = figures;
        _needed = (long)(limit.TotalSeconds * MinBytesPerSecond);
        _stall = new CancellationTokenSource(limit, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stall.Token);
        _armedAt = _heardAt = time.GetTimestamp();
    }

    /// <summary>Cancels the attempt.</summary>
    public CancellationToken Token => _linked.Token;

    /// <summary>Whether the attempt was cancelled for too little progress.</summary>
    public bool IsStalled => _stall.IsCancellationRequested;

    /// <summary>The failure.</summary>
    public DownloadException Failure(string host) => new(
        DownloadErrorCategory.Network, $"{host} sent {(_received == 0 ? "nothing" : $"only {Format.Bytes(_received)}")} in {Format.Duration(_limit)}.")
    { IsTransient = true };

    /// <summary>Counts received bytes.</summary>
    public void Count(int bytes)
    {
        _received += bytes;
        long now = Hear();

        // Moving the timer for every read would cost more than the read.
        if (_received >= _needed && _time.GetElapsedTime(_armedAt, now) >= _limit / 8)
        {
            Arm();
        }
    }

    /// <summary>Notes that the server has answered, and starts a new stretch.</summary>
    public void Answered()
    {
        Hear();
        Arm();
    }

    /// <summary>Stops the clock while the download itself waits.</summary>
    public void Suspend() => _stall.CancelAfter(Timeout.InfiniteTimeSpan);

    /// <summary>Starts a new stretch.</summary>
    public void Arm()
    {
        _received = 0;
        _armedAt = _heardAt = _time.GetTimestamp();
        _stall.CancelAfter(_limit);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _figures.AddStall(_longest);
        _linked.Dispose();
        _stall.Dispose();
    }

    /// <summary>A time without progress is over; one that is not is no stall from which the attempt recovered.</summary>
    private long Hear()
    {
        long now = _time.GetTimestamp();
        var silence = _time.GetElapsedTime(_heardAt, now);
        _longest = silence > _longest ? silence : _longest;
        _heardAt = now;
        return now;
    }
}
