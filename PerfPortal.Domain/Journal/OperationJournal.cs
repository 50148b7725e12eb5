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
public sealed partial class OperationJournal
{
    /// <summary>Entries that may wait at most.</summary>
    public const int Capacity = 65_536;

    private static readonly TimeSpan AcknowledgementTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan MinRetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AwayRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(30);

    private readonly IJournalStore _store;
    private readonly RollupBuffer _rollups;
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
    private bool _mustRecount;

    /// <summary>Makes a journal; it stores nothing until <see cref="RunAsync"/> runs.</summary>
    /// <param name="store">Where entries become durable.</param>
    /// <param name="rollups">Where ended operations are counted.</param>
    /// <param name="listeners">Who is told of each commit.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures are told.</param>
    /// <param name="names">Bounds the number of names and sources; without it they are not bounded.</param>
    public OperationJournal(
        IJournalStore store, RollupBuffer rollups, IEnumerable<ICommitListener> listeners, TimeProvider time, ILogger<OperationJournal> logger, NameBounds? names = null)
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
            var min = _failure is null ? MinRetryAfter : AwayRetry;
            return TimeSpan.FromSeconds(Math.Clamp(seconds, min.TotalSeconds, MaxRetryAfter.TotalSeconds));
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
            return await submission.Done!.Task.WaitAsync(AcknowledgementTimeout, _time, cancellationToken).ConfigureAwait(false);
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

    private sealed record Submission(IReadOnlyList<JournalEntry> Entries, TaskCompletionSource<IReadOnlyList<EntryResult>>? Done);

    private sealed record Failure(DateTimeOffset Since, string Message);
}
