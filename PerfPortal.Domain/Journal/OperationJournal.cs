using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// The one way from a report to durability. Submissions wait in a bounded queue; one writer takes all that wait, stores
/// them in one transaction (group commit), adds them to the rollups, tells the listeners, and only then acknowledges.
/// While the store is away nothing that was taken is dropped: the writer tries again, and new submissions are refused
/// once the queue is full.
/// </summary>
public sealed class OperationJournal
{
    /// <summary>Entries that may wait at most.</summary>
    public const int Capacity = 65_536;

    private const int LargestCommit = 4_096;
    private static readonly TimeSpan AcknowledgementPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AwayRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private readonly IJournalStore _store;
    private readonly RollupBook _rollups;
    private readonly IReadOnlyList<ICommitListener> _listeners;
    private readonly TimeProvider _time;
    private readonly ILogger<OperationJournal> _logger;
    private readonly NameBounds? _names;
    private readonly JournalMeter _meter;
    private readonly Channel<Submission> _queue = Channel.CreateUnbounded<Submission>(new() { SingleReader = true });
    private int _queued;
    private long _committed;
    private long _refused;
    private double _lastCommitMilliseconds;
    private Failure? _failure;
    private Failure? _flushFailure;
    private Failure? _refusal;
    private volatile bool _closed;

    // Whether a transaction failed so that it may hold or not: then what is stored says what to count, not what is in memory.
    private bool _mustCountAnew;

    /// <summary>Makes a journal; it stores nothing until <see cref="RunAsync"/> runs.</summary>
    /// <param name="store">Where entries become durable.</param>
    /// <param name="rollups">Where ended operations are counted.</param>
    /// <param name="listeners">Who is told of each commit.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <param name="names">Bounds the number of names and sources; without it they are not bounded.</param>
    public OperationJournal(
        IJournalStore store, RollupBook rollups, IEnumerable<ICommitListener> listeners, TimeProvider time, ILogger<OperationJournal> logger, NameBounds? names = null)
    {
        _store = store;
        _rollups = rollups;
        _listeners = [.. listeners];
        _time = time;
        _logger = logger;
        _names = names;
        _meter = new(time);
    }

    /// <summary>How the journal fares now.</summary>
    public JournalStatus Status
    {
        get
        {
            var failure = _failure ?? _flushFailure;
            return new(
                Volatile.Read(ref _queued), Capacity, Interlocked.Read(ref _committed), Interlocked.Read(ref _refused),
                Volatile.Read(ref _lastCommitMilliseconds), failure?.Since, failure?.Message)
            {
                OperationsPerSecond = _meter.OperationsPerSecond,
                MeanCommitMilliseconds = _meter.MeanCommitMilliseconds,
                EntriesPerCommit = _meter.EntriesPerCommit,
                RefusingSince = Volatile.Read(ref _queued) > Capacity / 2 ? _refusal?.Since : null,
                PendingRollups = _rollups.PendingCount,
                RetryAfter = RetryAfter,
            };
        }
    }

    /// <summary>How long what waits needs to be stored, within bounds; longer while the store is away, since nobody knows when it returns.</summary>
    private TimeSpan RetryAfter
    {
        get
        {
            double rate = _meter.EntriesPerBusySecond;
            double seconds = rate > 0 ? Volatile.Read(ref _queued) / rate : 0;
            var least = _failure is null ? ShortestRetry : AwayRetry;
            return TimeSpan.FromSeconds(Math.Clamp(seconds, least.TotalSeconds, LongestRetry.TotalSeconds));
        }
    }

    /// <summary>Stores entries and answers when they are durable.</summary>
    /// <returns>One result for each entry, in order.</returns>
    /// <exception cref="JournalUnavailableException">Too many entries wait, the portal is stopping, or the store did not answer
    /// in time; in the last case the entries may still become durable, and reporting them again changes nothing.</exception>
    public async Task<IReadOnlyList<EntryResult>> SubmitAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
        {
            return [];
        }

        var submission = new Submission(entries, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!TryEnqueue(submission))
        {
            throw new JournalUnavailableException(_closed ? "The portal is stopping." : "Too many reports wait to be stored.", RetryAfter);
        }

        try
        {
            return await submission.Done!.Task.WaitAsync(AcknowledgementPatience, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new JournalUnavailableException("The database does not answer.", RetryAfter > AwayRetry ? RetryAfter : AwayRetry);
        }
    }

    /// <summary>Hands entries over without waiting; for reporters that must never be slowed.</summary>
    /// <returns><see langword="false"/> when they were dropped; the drop is counted in <see cref="Status"/>.</returns>
    public bool TrySubmit(JournalEntry entry) => TryEnqueue(new([entry], null));

    /// <inheritdoc cref="TrySubmit(JournalEntry)"/>
    public bool TrySubmit(IReadOnlyList<JournalEntry> entries) => TryEnqueue(new(entries, null));

    /// <summary>Whether so many entries would be taken now, as far as nobody else comes first.</summary>
    internal bool HasRoomFor(int entries) => Volatile.Read(ref _queued) + entries <= Capacity;

    /// <summary>Whether nothing more is taken.</summary>
    internal bool IsClosed => _closed;

    /// <summary>Stores what is submitted until <see cref="Close"/> was called and all of it is stored, or until cancelled.</summary>
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

            if (_rollups.IsFlushDue || _mustCountAnew)
            {
                await FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes no more submissions; what was taken is still stored.</summary>
    public void Close()
    {
        _closed = true;
        _queue.Writer.TryComplete();
    }

    private bool TryEnqueue(Submission submission)
    {
        int count = submission.Entries.Count;
        int queued = Interlocked.Add(ref _queued, count);

        // A submission larger than the whole queue is taken when the queue is empty, else it could never be.
        if ((queued <= Capacity || queued == count) && _rollups.HasRoom && _queue.Writer.TryWrite(submission))
        {
            _refusal = null;
            return true;
        }

        Interlocked.Add(ref _queued, -count);
        Interlocked.Add(ref _refused, count);
        _refusal ??= new(_time.GetUtcNow(), "");
        return false;
    }

    private async ValueTask<bool> WaitForWorkAsync(ChannelReader<Submission> reader, CancellationToken cancellationToken)
    {
        if (!_rollups.HasPending && !_mustCountAnew)
        {
            return await reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
        }

        var work = reader.WaitToReadAsync(cancellationToken).AsTask();
        try
        {
            return await work.WaitAsync(_rollups.UntilFlush, _time, cancellationToken).ConfigureAwait(false);
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
            await CommitOneByOneAsync(batch, exception, cancellationToken).ConfigureAwait(false);
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

    /// <summary>One bad submission must not take the others of its commit with it.</summary>
    private async Task CommitOneByOneAsync(List<Submission> batch, Exception exception, CancellationToken cancellationToken)
    {
        foreach (var submission in batch)
        {
            try
            {
                if (batch.Count == 1)
                {
                    throw exception;
                }

                var results = await StoreAsync(submission.Entries, cancellationToken).ConfigureAwait(false);
                Settle(submission.Entries, results);
                submission.Done?.TrySetResult(results);
            }
            catch (Exception own) when (!cancellationToken.IsCancellationRequested)
            {
                _logger.LogError(own, "A report of {Count} entries could not be stored and is refused.", submission.Entries.Count);
                submission.Done?.TrySetException(own);
                Interlocked.Add(ref _refused, submission.Entries.Count);
            }
        }
    }

    /// <summary>Stores entries, however long the store stays away.</summary>
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
                _mustCountAnew |= exception is UncertainCommitException;
                Failed(ref _failure, exception);
                await Task.Delay(backOff, _time, cancellationToken).ConfigureAwait(false);
                backOff = backOff * 2 < LongestBackOff ? backOff * 2 : LongestBackOff;
            }
        }
    }

    private void Settle(IReadOnlyList<JournalEntry> entries, IReadOnlyList<EntryResult> results)
    {
        Debug.Assert(entries.Count == results.Count, "A result for each entry.");
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

    /// <summary>The operation is durable already: what cannot be counted must not end the journal.</summary>
    private void Count(Operation operation, EntryResult result)
    {
        if (_mustCountAnew)
        {
            return;
        }

        try
        {
            _rollups.Add(operation);
            if (result is { Outcome: EntryOutcome.ReplacedAbandoned, Existing: { } abandoned })
            {
                _rollups.TakeBack(abandoned);
            }
        }
        catch (Exception exception)
        {
            _logger.LogError(exception, "Operation {Id} is stored but could not be counted.", operation.Id);
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
                _logger.LogError(exception, "{Listener} failed on a commit.", listener.GetType().Name);
            }
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_mustCountAnew)
            {
                await _rollups.CountAnewAsync(_store, cancellationToken).ConfigureAwait(false);
                _mustCountAnew = false;
            }

            await _rollups.FlushAsync(_store, cancellationToken).ConfigureAwait(false);
            Recovered(ref _flushFailure);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _mustCountAnew |= exception is UncertainCommitException;
            Failed(ref _flushFailure, exception);
        }
    }

    private void Failed(ref Failure? state, Exception exception)
    {
        if (state is null)
        {
            _logger.LogError(exception, "The database cannot be written; what was reported waits.");
        }

        state = new(state?.Since ?? _time.GetUtcNow(), exception.Message);
    }

    private void Recovered(ref Failure? state)
    {
        if (state is { } failure)
        {
            _logger.LogInformation("The database can be written again after {Seconds:F1} s.", (_time.GetUtcNow() - failure.Since).TotalSeconds);
            state = null;
        }
    }

    private sealed record Submission(IReadOnlyList<JournalEntry> Entries, TaskCompletionSource<IReadOnlyList<EntryResult>>? Done);

    private sealed record Failure(DateTimeOffset Since, string Message);
}
