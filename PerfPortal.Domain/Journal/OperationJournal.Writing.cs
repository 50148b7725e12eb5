using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace PerfPortal.Domain.Journal;

/// <content>The single writer: drains the queue in group commits and retries while the store is unavailable.</content>
public sealed partial class OperationJournal
{
    private const int LargestCommit = 4_096;
    private static readonly TimeSpan MinBackOff = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxFinalRebuild = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxFlushPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LogPause = TimeSpan.FromMinutes(1);

    // Between two steps of a rebuild others must get at the database: SQLite does not queue its writers.
    private static readonly TimeSpan RebuildPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Stores submissions until <see cref="Close"/> is called and the queue is drained, or until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var batch = new List<Submission>();
        while (await WaitForWorkAsync(_queue.Reader, cancellationToken).ConfigureAwait(false))
        {
            bool isProbed = await CommitAsync(batch, mayGrow: true, cancellationToken).ConfigureAwait(false);
            await RemoveAsync(cancellationToken).ConfigureAwait(false);
            if (_rollups.IsFlushDue || _mustRebuild)
            {
                await FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            if (_failure is not null && !isProbed)
            {
                await ProbeAsync(cancellationToken).ConfigureAwait(false);
            }
            else if (_failure is null && _rollups.StaleMinutes > 0 && !_mustRebuild)
            {
                await RebuildAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            }
            else if (_failure is null && _isDeleting)
            {
                await DeleteStepAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        await FlushAsync(cancellationToken).ConfigureAwait(false);
        if (_rollups.StaleMinutes > 0 && !_mustRebuild)
        {
            await RebuildAsync(MaxFinalRebuild, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> WaitForWorkAsync(ChannelReader<Submission> reader, CancellationToken cancellationToken)
    {
        bool isRebuilding = (_rollups.StaleMinutes > 0 && !_mustRebuild) || _isDeleting;
        bool mustFlush = _rollups.HasPending || _mustRebuild || isRebuilding;
        if (!mustFlush && _failure is null)
        {
            return await reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        }

        var work = reader.WaitToReadAsync(cancellationToken).AsTask();
        try
        {
            var wait = !mustFlush ? AwayRetry
                : (isRebuilding || _mustRebuild) && (_flushFailure ?? _failure) is not null ? MaxFlushPause
                : isRebuilding ? RebuildPause
                : _rollups.UntilFlush;
            return await work.WaitAsync(wait, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return true;
        }
    }

    /// <summary>Commits the batch and what is queued, retrying for as long as the store is unavailable and somebody wants it stored.</summary>
    /// <param name="batch">The submissions to commit; empty afterwards.</param>
    /// <param name="mayGrow">Whether queued submissions join the batch.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Whether the store was called.</returns>
    private async Task<bool> CommitAsync(List<Submission> batch, bool mayGrow, CancellationToken cancellationToken)
    {
        bool isCalled = false;
        var backOff = MinBackOff;
        while (Collect(batch, mayGrow))
        {
            isCalled = true;
            if (await TryCommitAsync(batch, cancellationToken).ConfigureAwait(false))
            {
                break;
            }

            await Task.Delay(backOff, _time, cancellationToken).ConfigureAwait(false);
            backOff = backOff * 2 < MaxBackOff ? backOff * 2 : MaxBackOff;
        }

        return isCalled;
    }

    /// <summary>Takes the submissions for an attempt and drops those that were withdrawn.</summary>
    /// <returns>Whether there are any.</returns>
    private bool Collect(List<Submission> batch, bool mayGrow)
    {
        int entries = 0;
        batch.RemoveAll(submission =>
        {
            if (submission.TryTake())
            {
                entries += submission.Entries.Count;
                return false;
            }

            Drop(submission);
            return true;
        });
        while (mayGrow && _removal is null && entries < LargestCommit && _queue.Reader.TryRead(out var submission))
        {
            if (!submission.TryTake())
            {
                Drop(submission);
                continue;
            }

            if (submission.Removal is not null)
            {
                _removal = submission.Removal;
                break;
            }

            submission.Entries = _names?.Admit(submission.Entries) ?? submission.Entries;
            batch.Add(submission);
            entries += submission.Entries.Count;
        }

        return batch.Count > 0;
    }

    /// <summary>Makes one attempt to commit the batch.</summary>
    /// <returns><see langword="false"/> when the attempt should be repeated; otherwise the batch is empty.</returns>
    private async Task<bool> TryCommitAsync(List<Submission> batch, CancellationToken cancellationToken)
    {
        var entries = batch.Count == 1 ? batch[0].Entries : Together(batch);
        IReadOnlyList<EntryResult> results;
        try
        {
            results = await StoreAsync(entries, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is CommitCancelledException || _store.IsTransient(exception))
        {
            _mustRebuild |= exception is UncertainCommitException or CommitCancelledException;
            Failed(ref _failure, exception);
            MarkUncertain(batch, exception);
            PutBack(batch);
            return false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _mustRebuild |= exception is UncertainCommitException;
            MarkUncertain(batch, exception);
            if (batch.Count == 1)
            {
                Refuse(batch[0], exception);
            }
            else
            {
                await CommitOneByOneAsync(batch, cancellationToken).ConfigureAwait(false);
            }

            batch.Clear();
            return true;
        }

        Settle(entries, results);
        var all = results as EntryResult[] ?? [.. results];
        int offset = 0;
        foreach (var submission in batch)
        {
            submission.Done?.TrySetResult(new ArraySegment<EntryResult>(all, offset, submission.Entries.Count));
            offset += submission.Entries.Count;
        }

        Interlocked.Add(ref _queued, -offset);
        batch.Clear();
        return true;
    }

    private static JournalEntry[] Together(List<Submission> batch)
    {
        var entries = new JournalEntry[batch.Sum(submission => submission.Entries.Count)];
        int count = 0;
        foreach (var submission in batch)
        {
            for (int i = 0; i < submission.Entries.Count; i++)
            {
                entries[count++] = submission.Entries[i];
            }
        }

        return entries;
    }

    /// <summary>Commits each submission separately, so that one bad submission does not fail the others in its commit.</summary>
    private async Task CommitOneByOneAsync(List<Submission> batch, CancellationToken cancellationToken)
    {
        PutBack(batch);
        foreach (var submission in batch)
        {
            await CommitAsync([submission], mayGrow: false, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void MarkUncertain(List<Submission> batch, Exception exception)
    {
        if (exception is UncertainCommitException)
        {
            batch.ForEach(submission => submission.MarkUncertain());
        }
    }

    /// <summary>Puts the submissions of a failed attempt back; those whose callers gave up meanwhile leave the batch.</summary>
    private void PutBack(List<Submission> batch) => batch.RemoveAll(submission =>
    {
        if (submission.TryPutBack())
        {
            return false;
        }

        submission.Done?.TrySetException(NotTaken());
        Drop(submission);
        return true;
    });

    private void Drop(Submission submission)
    {
        Interlocked.Add(ref _queued, -submission.Entries.Count);
        Interlocked.Add(ref _refused, submission.Entries.Count);
    }

    private void Refuse(Submission submission, Exception exception)
    {
        _logger.LogError(exception, "A report with {Count} entries could not be stored and was rejected.", submission.Entries.Count);
        submission.Done?.TrySetException(submission.IsUncertain ? OutcomeUnknown(null) : exception);
        Drop(submission);
    }

    private async Task<IReadOnlyList<EntryResult>> StoreAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _attempt = attempt;
        long started = _time.GetTimestamp();
        IReadOnlyList<EntryResult> results = [];
        try
        {
            await CallStoreAsync(async () => results = await _store.CommitAsync(entries, attempt.Token).ConfigureAwait(false)).ConfigureAwait(false);
            var took = _time.GetElapsedTime(started);
            Volatile.Write(ref _lastCommitMilliseconds, took.TotalMilliseconds);
            _meter.Commit(entries.Count, took);
            Interlocked.Add(ref _committed, entries.Count);
            Recovered(ref _failure);
            return results;
        }
        catch (OperationCanceledException exception) when (attempt.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CommitCancelledException(_time.GetElapsedTime(started), exception);
        }
        finally
        {
            _attempt = null;
        }
    }

    /// <summary>Rebuilds stale minutes: one step, or for as long as the limit allows. What is left is rebuilt later, by the next start at the latest.</summary>
    private async Task RebuildAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await CallStoreAsync(() => _rollups.RebuildAsync(_store, limit, cancellationToken)).ConfigureAwait(false);
            Recovered(ref _flushFailure);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _mustRebuild |= exception is UncertainCommitException;
            Failed(ref _flushFailure, exception);
        }
    }

    /// <summary>Records a failure. One that comes and goes, such as on a disk where only small writes succeed, is logged once a minute at most, together with its end.</summary>
    private void Failed(ref Failure? state, Exception exception)
    {
        string reason = exception is CommitCancelledException ? exception.Message : _store.Explain(exception);
        bool isLogged = state?.IsLogged ?? (_failure is null && _flushFailure is null && (_loggedAt is not { } last || _time.GetElapsedTime(last) >= LogPause));
        if (state is null && isLogged)
        {
            // If the error is not the portal's, the explanation replaces its stack trace.
            _loggedAt = _time.GetTimestamp();
            _logger.LogError(_store.IsTransient(exception) ? null : exception, "The database cannot be written; reports are queued. {Reason}", reason);
        }

        state = new(state?.Since ?? _time.GetUtcNow(), reason, _store.Classify(exception), isLogged);
    }

    private void Recovered(ref Failure? state)
    {
        if (state is { IsLogged: true } failure)
        {
            _logger.LogInformation("The database is writable again after {Seconds:F1} s.", (_time.GetUtcNow() - failure.Since).TotalSeconds);
        }

        state = null;
    }

    private sealed class CommitCancelledException(TimeSpan after, Exception inner)
        : Exception(FormattableString.Invariant($"A commit was cancelled after {after.TotalSeconds:0} s."), inner);
}
