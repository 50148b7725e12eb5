using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Journal;

/// <content>The single writer: drains the queue in group commits, updates rollups, notifies listeners and retries while the store is unavailable.</content>
public sealed partial class OperationJournal
{
    private const int LargestCommit = 4_096;
    private static readonly TimeSpan MaxBackOff = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxFinalRebuild = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxFlushPause = TimeSpan.FromSeconds(1);

    // Between two steps of a rebuild others must get at the database: SQLite does not queue its writers.
    private static readonly TimeSpan RebuildPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Stores submissions until <see cref="Close"/> is called and the queue is drained, or until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var batch = new List<Submission>();
        var reader = _queue.Reader;
        while (await WaitForWorkAsync(reader, cancellationToken).ConfigureAwait(false))
        {
            int entries = 0;
            while (entries < LargestCommit && reader.TryRead(out var submission))
            {
                batch.Add(_names is null ? submission : submission with { Entries = _names.Admit(submission.Entries) });
                entries += submission.Entries.Count;
            }

            if (batch.Count > 0)
            {
                await CommitAsync(batch, cancellationToken).ConfigureAwait(false);
                Interlocked.Add(ref _queued, -entries);
                batch.Clear();
            }

            if (_rollups.IsFlushDue || _mustRebuild)
            {
                await FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            if (_rollups.StaleMinutes > 0 && !_mustRebuild)
            {
                await RebuildAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
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
        bool isRebuilding = _rollups.StaleMinutes > 0 && !_mustRebuild;
        if (!_rollups.HasPending && !_mustRebuild && !isRebuilding)
        {
            return await reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        }

        var work = reader.WaitToReadAsync(cancellationToken).AsTask();
        try
        {
            var wait = !isRebuilding ? _rollups.UntilFlush : _flushFailure is null ? RebuildPause : MaxFlushPause;
            return await work.WaitAsync(wait, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return true;
        }
    }

    private async Task CommitAsync(List<Submission> batch, CancellationToken cancellationToken)
    {
        var entries = batch.Count == 1 ? batch[0].Entries : Together(batch);
        IReadOnlyList<EntryResult> results;
        try
        {
            results = await StoreAsync(entries, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (batch.Count == 1)
            {
                Refuse(batch[0], exception);
            }
            else
            {
                await CommitOneByOneAsync(batch, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        Settle(entries, results);
        var all = results as EntryResult[] ?? [.. results];
        int offset = 0;
        foreach (var submission in batch)
        {
            submission.Done?.TrySetResult(new ArraySegment<EntryResult>(all, offset, submission.Entries.Count));
            offset += submission.Entries.Count;
        }
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
        foreach (var submission in batch)
        {
            try
            {
                var results = await StoreAsync(submission.Entries, cancellationToken).ConfigureAwait(false);
                Settle(submission.Entries, results);
                submission.Done?.TrySetResult(results);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                Refuse(submission, exception);
            }
        }
    }

    private void Refuse(Submission submission, Exception exception)
    {
        _logger.LogError(exception, "A report with {Count} entries could not be stored and was rejected.", submission.Entries.Count);
        submission.Done?.TrySetException(exception);
        Interlocked.Add(ref _refused, submission.Entries.Count);
    }

    /// <summary>Stores entries, retrying for as long as the store is unavailable.</summary>
    private async Task<IReadOnlyList<EntryResult>> StoreAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        var backOff = TimeSpan.FromMilliseconds(50);
        while (true)
        {
            try
            {
                long started = _time.GetTimestamp();
                var results = await _store.CommitAsync(entries, cancellationToken).ConfigureAwait(false);
                var took = _time.GetElapsedTime(started);
                Volatile.Write(ref _lastCommitMilliseconds, took.TotalMilliseconds);
                _meter.Commit(entries.Count, took);
                Interlocked.Add(ref _committed, entries.Count);
                Recovered(ref _failure);
                return results;
            }
            catch (Exception exception) when (_store.IsTransient(exception))
            {
                _mustRebuild |= exception is UncertainCommitException;
                Failed(ref _failure, exception);
                await Task.Delay(backOff, _time, cancellationToken).ConfigureAwait(false);
                backOff = backOff * 2 < MaxBackOff ? backOff * 2 : MaxBackOff;
            }
        }
    }

    private void Settle(IReadOnlyList<JournalEntry> entries, IReadOnlyList<EntryResult> results)
    {
        Debug.Assert(entries.Count == results.Count, "One result per entry.");
        List<Operation> ended = [];
        List<Operation> running = [];
        List<ResourceSample> samples = [];
        for (int i = 0; i < entries.Count; i++)
        {
            switch (entries[i])
            {
                case OperationEnded { Operation: var operation } when results[i].Outcome != EntryOutcome.Duplicate:
                    Count(operation, results[i]);
                    ended.Add(operation);
                    break;
                case OperationRunning { Operation: var operation }:
                    running.Add(operation);
                    break;
                case SampleTaken { Sample: var sample }:
                    samples.Add(sample);
                    break;
            }
        }

        _meter.Ended(ended.Count);
        if (ended.Count + running.Count + samples.Count > 0)
        {
            Announce(new(ended, running, samples));
        }
    }

    /// <summary>Adds an operation to the rollups. It is already durable, so a failure here must not stop the journal.</summary>
    private void Count(Operation operation, EntryResult result)
    {
        if (_mustRebuild)
        {
            return;
        }

        try
        {
            _rollups.Add(operation);
            if (result is { Outcome: EntryOutcome.ReplacedAbandoned, Existing: { } abandoned })
            {
                _rollups.RemoveAbandoned(abandoned);
            }
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "Operation {Id} is stored but could not be added to the rollups.", operation.Id);
        }
    }

    private void Announce(CommitNotice notice)
    {
        foreach (var listener in _listeners)
        {
            try
            {
                listener.OnCommitted(notice);
            }
            catch (Exception exception)
            {
                _logger.LogError(exception, "{Listener} failed to process a commit.", listener.GetType().Name);
            }
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_mustRebuild)
            {
                await _rollups.RebuildDirtyAsync(_store, cancellationToken).ConfigureAwait(false);
                _mustRebuild = false;
            }

            await _rollups.FlushAsync(_store, cancellationToken).ConfigureAwait(false);
            Recovered(ref _flushFailure);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _mustRebuild |= exception is UncertainCommitException;
            Failed(ref _flushFailure, exception);
        }
    }

    /// <summary>Rebuilds stale minutes: one step, or for as long as the limit allows. What is left is rebuilt later, by the next start at the latest.</summary>
    private async Task RebuildAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await _rollups.RebuildAsync(_store, limit, cancellationToken).ConfigureAwait(false);
            Recovered(ref _flushFailure);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _mustRebuild |= exception is UncertainCommitException;
            Failed(ref _flushFailure, exception);
        }
    }

    private void Failed(ref Failure? state, Exception exception)
    {
        if (state is null)
        {
            _logger.LogError(exception, "The database cannot be written; reports are queued.");
        }

        state = new(state?.Since ?? _time.GetUtcNow(), exception.Message);
    }

    private void Recovered(ref Failure? state)
    {
        if (state is { } failure)
        {
            _logger.LogInformation("The database is writable again after {Seconds:F1} s.", (_time.GetUtcNow() - failure.Since).TotalSeconds);
            state = null;
        }
    }
}
