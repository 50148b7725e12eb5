using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Journal;

/// <content>What follows a commit: adds operations to the rollups, notifies listeners, and writes the rollups.</content>
public sealed partial class OperationJournal
{
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
                await CallStoreAsync(() => _rollups.RebuildDirtyAsync(_store, cancellationToken)).ConfigureAwait(false);
                _mustRebuild = false;
            }

            bool isWritten = _rollups.HasPending;
            await CallStoreAsync(() => _rollups.FlushAsync(_store, cancellationToken)).ConfigureAwait(false);
            if (isWritten || _rollups.StaleMinutes == 0)
            {
                Recovered(ref _flushFailure);
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _mustRebuild |= exception is UncertainCommitException;
            Failed(ref _flushFailure, exception);
        }
    }

    /// <summary>Finds out whether the store is available again when no entry is left to try.</summary>
    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CallStoreAsync(() => _store.ProbeAsync(cancellationToken).AsTask()).ConfigureAwait(false);
            Recovered(ref _failure);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Failed(ref _failure, exception);
        }
    }

    /// <summary>Makes a call of the store that <see cref="StalledFor"/> watches.</summary>
    private async Task CallStoreAsync(Func<Task> call)
    {
        Volatile.Write(ref _storeCallSince, _time.GetTimestamp());
        try
        {
            await call().ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _storeCallSince, 0);
        }
    }
}
