using PerfPortal.Domain.Models.Downloads.Errors;
using PerfPortal.Domain.Models.Downloads.Ranges;
using PerfPortal.Domain.Models.Downloads.Transport;

namespace PerfPortal.Domain.Models.Downloads.Transfers;

/// <summary>
/// Loads the pieces of a file over several connections. A connection that the server refuses or slows down retires as long as another one works; only the failure of the last one is
/// the failure of the file.
/// </summary>
internal sealed class RangeWorkers(
    PartState state, SourceReader reader, TransferContext context, TransferFigures figures, RetryPolicy policy, HostLimit host)
{
    private const int TicksPerSave = 4;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);

    private readonly BodyCopier _copier = new(state, context, figures, host);
    private readonly Lock _lock = new();
    private int _active;
    private int _limit = context.Slots.Count;

    /// <summary>Loads what is missing.</summary>
    /// <param name="first">The answer to the first request, which begins at position 0, or <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    /// <exception cref="StartAgainException">The file has changed.</exception>
    /// <exception cref="DownloadException">It could not be loaded.</exception>
    public async Task RunAsync(SourceBody? first, CancellationToken cancellationToken)
    {
        using var run = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var workers = new List<Task>();
        try
        {
            var begun = first is null ? null : state.Book.TakeFrom(0, first.End!.Value);
            Add(workers, first, begun, run.Token);
            var tick = Task.Delay(Tick, context.Time, run.Token);
            for (int ticks = 0; workers.Count > 0;)
            {
                while (workers.Count < Volatile.Read(ref _limit) && state.Book.HasWork && context.Slots.TryTake())
                {
                    Start(workers, null, null, run.Token);
                }

                var ended = await Task.WhenAny([.. workers, tick]).ConfigureAwait(false);
                await ended.ConfigureAwait(false);
                if (ended == tick)
                {
                    OnTick(++ticks);
                    tick = Task.Delay(Tick, context.Time, run.Token);
                }
                else if (workers.Remove(ended) && workers.Count == 0 && !state.Book.IsComplete)
                {
                    // The last one had retired, or left what another one gave back.
                    Add(workers, null, null, run.Token);
                }
            }
        }
        finally
        {
            await run.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            first?.Dispose();
        }
    }

    private void Add(List<Task> workers, SourceBody? body, Segment? segment, CancellationToken cancellationToken)
    {
        context.Slots.TakeFirst();
        Start(workers, body, segment, cancellationToken);
    }

    private void Start(List<Task> workers, SourceBody? body, Segment? segment, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _active++;
        }

        figures.AddConnection(1);
        workers.Add(Task.Run(() => WorkAsync(body, segment, cancellationToken), CancellationToken.None));
    }

    private void OnTick(int ticks)
    {
        if (ticks % TicksPerSave == 0)
        {
            state.Save();
        }

        if (!state.IsReserved)
        {
            context.Space.Need(state.Part.FinalPath, state.Book.Size!.Value - state.Book.Done);
        }
    }

    private async Task WorkAsync(SourceBody? body, Segment? segment, CancellationToken cancellationToken)
    {
        var retry = new RetryState { DoneAtFailure = state.Book.Done };
        bool hasLeft = false;
        try
        {
            while (!cancellationToken.IsCancellationRequested && (segment ??= state.Book.Take(Volatile.Read(ref _limit))) is { } current)
            {
                var failure = await AttemptAsync(body, current, retry, cancellationToken).ConfigureAwait(false);
                body = null;
                if (current.Remaining == 0)
                {
                    state.Book.Release(current);
                    segment = null;
                }

                if (failure is { Category: DownloadErrorCategory.RateLimit } && TryLeave())
                {
                    policy.Fail(retry);
                    PauseHost(failure);
                    hasLeft = true;
                    return;
                }

                if (failure is not null)
                {
                    await policy.WaitAsync(failure, retry, state.Book.Done, host, cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (DownloadException exception) when (exception.Category is not (DownloadErrorCategory.Disk or DownloadErrorCategory.Integrity) && TryLeave())
        {
            hasLeft = true;
            context.Logger?.LogConnectionGivenUp(exception);
        }
        finally
        {
            if (segment is not null)
            {
                state.Book.Release(segment);
            }

            if (!hasLeft)
            {
                Leave();
            }

            figures.SetWait(retry, null);
            figures.AddConnection(-1);
            context.Slots.Return();
        }
    }

    /// <summary>Loads one piece as far as possible and says what went wrong.</summary>
    private async Task<DownloadException?> AttemptAsync(SourceBody? body, Segment segment, RetryState retry, CancellationToken cancellationToken)
    {
        using var stall = new StallGuard(context.Advice.StallTimeout, context.Time, figures, cancellationToken);
        try
        {
            if (body is null)
            {
                stall.Suspend();
                await policy.WaitForHostAsync(retry, host, cancellationToken).ConfigureAwait(false);
                stall.Arm();
                body = await reader.OpenRangeAsync(new(segment.Position, segment.End), state.Version, state.Book.Size!.Value, stall.Token).ConfigureAwait(false);
            }

            policy.Succeed(retry);
            stall.Answered();
            await _copier.CopyAsync(body, segment, stall).ConfigureAwait(false);
            return null;
        }
        catch (OperationCanceledException) when (stall.IsStalled && !cancellationToken.IsCancellationRequested)
        {
            return stall.Failure(reader.Host);
        }
        catch (DownloadException exception) when (exception.Category != DownloadErrorCategory.Disk)
        {
            return exception;
        }
        catch (Exception exception) when (HttpErrors.IsConnection(exception))
        {
            return HttpErrors.Of(exception, reader.Uri);
        }
        finally
        {
            body?.Dispose();
        }
    }

    private void PauseHost(DownloadException failure)
    {
        if (failure.RetryAfter is { } asked && asked <= context.Retries.MaxRetryAfter)
        {
            host.Pause(asked, failure.Message);
        }
    }

    /// <summary>Lets a connection retire unless it is the last one.</summary>
    private bool TryLeave()
    {
        lock (_lock)
        {
            if (_active <= 1)
            {
                return false;
            }

            _active--;
            Volatile.Write(ref _limit, Math.Max(1, _limit - 1));
            return true;
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            _active--;
        }
    }
}
