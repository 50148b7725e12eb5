using Microsoft.Extensions.Logging;

namespace PerfPortal.Domain.Client;

/// <content>The background loop.</content>
public sealed partial class PortalClient
{
    /// <summary>The error type of an operation that was in progress when the client was closed.</summary>
    public const string ClientStopped = "client_stopped";

    private static readonly TimeSpan BetweenDropWarnings = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan MaxSkew = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long reports wait in memory for a portal that is away before they are moved to the spill directory. The loss of the process costs about as much, and up to
    /// <see cref="PortalClientOptions.RequestTimeout"/> more, because they are moved between requests.
    /// </summary>
    internal static readonly TimeSpan KeptInMemory = TimeSpan.FromMinutes(1);

    private long _safeAt;
    private bool _isSkewTold;
    private long _droppedTold;
    private long? _droppedToldAt;

    private bool IsEmpty => _operations.Count == 0 && _samples.Count == 0;

    private async Task RunAsync()
    {
        using var timer = _time.CreateTimer(_ => _wakes.Writer.TryWrite(true), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (!_abort.IsCancellationRequested)
        {
            bool isStopping = _isStopping;
            bool hasMore = await TryRoundAsync(isStopping).ConfigureAwait(false);
            lock (_flushing)
            {
                _flushes!.RemoveAll(flush => flush.TryComplete(_operations, _samples, _spill));
            }

            TellDropped();
            TellClock();
            if (isStopping && ((IsEmpty && (!_losses.HasUntold || IsHopeless(_losses.Wait))) || IsHopeless(_connection.Wait)))
            {
                break;
            }

            if (!hasMore)
            {
                timer.Change(Pause(), Timeout.InfiniteTimeSpan);
                await NextAsync().ConfigureAwait(false);
            }
        }

        Close();
    }

    /// <summary>When stopping, what can be kept on disk need not wait for a portal that is away, and nothing need wait beyond the time that is left.</summary>
    private bool IsHopeless(TimeSpan wait) => wait > (_spill.IsUsable ? TimeSpan.Zero : _options.ShutdownGrace);

    private TimeSpan Pause()
    {
        var pause = _options.FlushInterval;
        if (Active.Count > 0 && pause > RunningReports.Period)
        {
            pause = RunningReports.Period;
        }

        // Timers count whole milliseconds.
        var wait = _connection.Wait;
        return wait > pause && _isStopping ? wait + TimeSpan.FromMilliseconds(1) : pause;
    }

    private async Task NextAsync()
    {
        try
        {
            await _wakes.Reader.ReadAsync(_abort.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The grace is over.
        }
    }

    private async Task<bool> TryRoundAsync(bool isStopping)
    {
        try
        {
            return await RoundAsync(isStopping, _abort.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "Reporting failed; it is tried again");
            _connection.Failed(new(AnswerKind.Unavailable, [], exception.Message));
            return false;
        }
    }

    /// <summary>Runs one round.</summary>
    /// <returns>Whether there is more to send at once.</returns>
    private async Task<bool> RoundAsync(bool isStopping, CancellationToken cancellationToken)
    {
        bool hasMore = false;
        LookForLosses();
        if (_connection.Wait == TimeSpan.Zero)
        {
            // Starts come before ends: a start that overtook the end of its operation would leave a running one behind.
            if (!isStopping)
            {
                await _running.ReportAsync(cancellationToken).ConfigureAwait(false);
            }

            bool isReached = true;
            foreach (var queue in (ReportQueue[])[_operations, _samples])
            {
                bool takesMore = await SendAsync(queue, cancellationToken).ConfigureAwait(false);
                isReached &= takesMore;
                if (takesMore && !isStopping)
                {
                    hasMore |= await _spill.SendOldestAsync(queue.Kind, _sender, cancellationToken).ConfigureAwait(false);
                }
            }

            if (isReached)
            {
                LookForLosses();
                await _losses.TellAsync(isStopping, cancellationToken).ConfigureAwait(false);
            }
        }

        bool isDue = IsDueForDisk();
        _spill.Take(_operations, isDue);
        _spill.Take(_samples, isDue);
        return hasMore;
    }

    /// <summary>Whether the portal has been away since the reports in memory were last delivered or moved to the disk, and that is long ago.</summary>
    private bool IsDueForDisk()
    {
        bool isDue = _connection.IsFailing && _time.GetElapsedTime(_safeAt) >= KeptInMemory;
        if (isDue || !_connection.IsFailing)
        {
            _safeAt = _time.GetTimestamp();
        }

        return isDue;
    }

    private void LookForLosses() => _losses.Look(_operations.Tally, _samples.Tally, Tracker.Dropped);

    /// <summary>Sends what is queued now.</summary>
    /// <returns>Whether the portal takes more.</returns>
    private async Task<bool> SendAsync(ReportQueue queue, CancellationToken cancellationToken)
    {
        for (int left = queue.Count; left > 0 && _connection.Wait == TimeSpan.Zero;)
        {
            var batch = queue.Take(_options.BatchSize, ReportSender.MaxBatchBytes);
            left -= Math.Max(1, batch.Count);
            var undelivered = batch;
            try
            {
                undelivered = await _sender.SendAsync(queue.Kind, batch, queue.Tally, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                queue.Return(undelivered);
            }

            if (undelivered.Count > 0)
            {
                return false;
            }
        }

        return _connection.Wait == TimeSpan.Zero;
    }

    private void TellClock()
    {
        if (_http.ClockAhead is not { } ahead || ahead.Duration() < MaxSkew == !_isSkewTold)
        {
            return;
        }

        _isSkewTold = !_isSkewTold;
        if (_isSkewTold)
        {
            _logger.LogWarning(
                "The clock of this host is {Seconds:0} s {Direction} the portal's: what it reports appears at the wrong time, and is rejected when it is more than {Limit:0} s ahead",
                ahead.Duration().TotalSeconds, ahead > TimeSpan.Zero ? "ahead of" : "behind", Operations.OperationLimits.FutureTolerance.TotalSeconds);
        }
        else
        {
            _logger.LogInformation("The clock of this host agrees with the portal's again");
        }
    }

    private void TellDropped()
    {
        long dropped = _operations.Tally.Dropped + _samples.Tally.Dropped + Tracker.Dropped;
        if (dropped > _droppedTold && (_droppedToldAt is not { } told || _isStopping || _time.GetElapsedTime(told) >= BetweenDropWarnings))
        {
            _logger.LogWarning("{Dropped} reports were dropped since the last warning, {Total} in all: there was no room to keep them", dropped - _droppedTold, dropped);
            (_droppedTold, _droppedToldAt) = (dropped, _time.GetTimestamp());
        }
    }

    private void Close()
    {
        _spill.Take(_operations, all: true, isLast: true);
        _spill.Take(_samples, all: true, isLast: true);
        TellDropped();
        int left = 0;
        foreach (var queue in (ReportQueue[])[_operations, _samples])
        {
            int count = queue.Take(int.MaxValue, long.MaxValue).Count;
            queue.Tally.CountDropped(count);
            left += count;
        }

        if (left > 0)
        {
            _logger.LogWarning("{Count} reports were dropped when the client was closed: they could not be delivered in time{Hint}", left, _options.SpillDirectory is null ? ", and there is no spill directory" : "");
        }

        lock (_flushing)
        {
            _flushes!.ForEach(flush => flush.Cancel());
            _flushes = null;
        }

        _spill.Dispose();
        _http.Dispose();
    }
}
