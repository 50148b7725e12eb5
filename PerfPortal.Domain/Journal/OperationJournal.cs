using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// Makes reports durable. Submissions enter a bounded queue; a single writer drains it, stores the entries
/// in one transaction (group commit), adds them to the rollups, notifies the listeners, and only then acknowledges.
/// While the store is unavailable the writer retries, and new submissions are rejected once the queue is full. A caller that
/// is told that its report was not taken can rely on it: its entries are withdrawn first and never stored later.
/// </summary>
public sealed partial class OperationJournal : IOperationSink
{
    /// <summary>The capacity of the queue in entries.</summary>
    public const int Capacity = 65_536;

    /// <summary>
    /// A call of the store that takes this long is stalled: the portal is not ready. From then on, and when the store has failed for this long, new
    /// submissions are rejected at once instead of waiting in vain.
    /// </summary>
    public static readonly TimeSpan StallAfter = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AcknowledgementTimeout = TimeSpan.FromSeconds(15);

    // How long a caller whose entries are part of a running commit waits for its outcome before the commit is cancelled, and then for the cancellation.
    private static readonly TimeSpan RunningCommitTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan CancellationTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The longest that <see cref="SubmitAsync"/> waits, for an outcome that may still be unknown then.</summary>
    public static readonly TimeSpan LongestWait = AcknowledgementTimeout + RunningCommitTimeout + CancellationTimeout;

    private static readonly TimeSpan StoppingTimeout = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan MinRetryAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AwayRetry = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(30);

    private readonly IJournalStore _store;
    private readonly RollupBuffer _rollups;
    private readonly IReadOnlyList<ICommitListener> _listeners;
    private readonly TimeProvider _time;
    private readonly ILogger<OperationJournal> _logger;
    private readonly NameLimiter? _names;
    private readonly ISourceStore? _sources;
    private readonly IReadOnlyList<ISourceListener> _sourceListeners;
    private readonly JournalMeter _meter;
    private readonly Channel<Submission> _queue = Channel.CreateUnbounded<Submission>(new() { SingleReader = true });
    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _queued;
    private long _committed;
    private long _refused;
    private double _lastCommitMilliseconds;
    private long _storeCallSince;
    private volatile CancellationTokenSource? _attempt;
    private Failure? _failure;
    private Failure? _flushFailure;
    private Failure? _refusal;
    private long? _loggedAt;
    private volatile bool _closed;

    // Set when the result of a commit is unknown: rollups must then be rebuilt from the stored rows, not from memory.
    private bool _mustRebuild;

    /// <summary>Creates a journal; it stores nothing until <see cref="RunAsync"/> runs.</summary>
    /// <param name="store">The durable store.</param>
    /// <param name="rollups">Receives ended operations.</param>
    /// <param name="listeners">The listeners to notify of each commit.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The logger.</param>
    /// <param name="names">Limits the number of names and sources; <see langword="null"/> for no limit.</param>
    /// <param name="sources">Removes sources; <see langword="null"/> if the store cannot do that.</param>
    /// <param name="sourceListeners">What forgets a source when it is removed.</param>
    public OperationJournal(
        IJournalStore store, RollupBuffer rollups, IEnumerable<ICommitListener> listeners, TimeProvider time, ILogger<OperationJournal> logger, NameLimiter? names = null,
        ISourceStore? sources = null, IEnumerable<ISourceListener>? sourceListeners = null)
    {
        _store = store;
        _rollups = rollups;
        _listeners = [.. listeners];
        _time = time;
        _logger = logger;
        _names = names;
        _sources = sources;
        _sourceListeners = [.. sourceListeners ?? []];
        _isDeleting = sources is not null;
        _meter = new(time);
    }

    /// <summary>The current status.</summary>
    public JournalStatus Status
    {
        get
        {
            var failure = _failure ?? _flushFailure;
            return new(
                Volatile.Read(ref _queued), Capacity, Interlocked.Read(ref _committed), Interlocked.Read(ref _refused),
                Volatile.Read(ref _lastCommitMilliseconds), failure?.Since, failure?.Message)
            {
                FailureKind = failure?.Kind ?? StoreFailureKind.None,
                StalledFor = StalledFor,
                OperationsPerSecond = _meter.OperationsPerSecond,
                MeanCommitMilliseconds = _meter.MeanCommitMilliseconds,
                EntriesPerCommit = _meter.EntriesPerCommit,
                RefusingSince = Volatile.Read(ref _queued) > Capacity / 2 ? _refusal?.Since : null,
                PendingRollups = _rollups.PendingCount,
                RebuildingMinutes = _rollups.StaleMinutes,
                RetryAfter = RetryAfter,
            };
        }
    }

    /// <summary>The estimated time to clear the queue, clamped; with a higher minimum while the store is unavailable, because the time of its recovery is unknown.</summary>
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

    private TimeSpan RetryAfterAway => RetryAfter > AwayRetry ? RetryAfter : AwayRetry;

    /// <summary>How long the current call of the store has been running, if that is <see cref="StallAfter"/> or longer.</summary>
    private TimeSpan? StalledFor =>
        Volatile.Read(ref _storeCallSince) is not 0 and var since && _time.GetElapsedTime(since) is var running && running >= StallAfter ? running : null;

    /// <summary>Stores entries and completes when they are durable.</summary>
    /// <returns>One result for each entry, in order.</returns>
    /// <exception cref="JournalUnavailableException">The queue is full, the portal is stopping, or the store did not respond in time. The entries are
    /// not stored, now or later, unless <see cref="JournalUnavailableException.IsOutcomeKnown"/> is <see langword="false"/>.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled before an attempt to store the entries began; they are not stored.</exception>
    public async Task<IReadOnlyList<EntryResult>> SubmitAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        if (entries.Count == 0)
        {
            return [];
        }

        if (StalledFor is not null || (_failure is { } failure && _time.GetUtcNow() - failure.Since >= StallAfter))
        {
            Interlocked.Add(ref _refused, entries.Count);
            throw NotTaken();
        }

        var submission = new Submission(entries, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (!TryEnqueue(submission))
        {
            throw new JournalUnavailableException(_closed ? "The portal is stopping." : "Too many reports are waiting to be stored.", RetryAfter);
        }

        var done = submission.Done!.Task;
        if (!await CompletesAsync(done, AcknowledgementTimeout, cancellationToken).ConfigureAwait(false))
        {
            if (submission.TryWithdraw())
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw NotTaken();
            }

            // It is part of a running commit, so its outcome is known only when that ends, also to a caller that cancelled.
            if (!await CompletesAsync(done, RunningCommitTimeout, CancellationToken.None).ConfigureAwait(false))
            {
                CancelAttempt();
                if (!await CompletesAsync(done, CancellationTimeout, CancellationToken.None).ConfigureAwait(false))
                {
                    throw OutcomeUnknown(done);
                }
            }
        }

        return await done.ConfigureAwait(false);
    }

    /// <summary>Enqueues entries without waiting; for callers that must not block.</summary>
    /// <returns><see langword="false"/> when they were dropped; the drop is counted in <see cref="Status"/>.</returns>
    public bool TrySubmit(JournalEntry entry) => TryEnqueue(new([entry], null));

    /// <inheritdoc cref="TrySubmit(JournalEntry)"/>
    public bool TrySubmit(IReadOnlyList<JournalEntry> entries) => TryEnqueue(new(entries, null));

    /// <summary>Whether this number of entries would be accepted now, barring concurrent submissions.</summary>
    public bool HasRoomFor(int entries) => Volatile.Read(ref _queued) + entries <= Capacity;

    /// <summary>Whether the journal rejects all further submissions.</summary>
    public bool IsClosed => _closed;

    /// <summary>Tells callers that wait for a store which does not respond not to wait much longer, because the portal is about to stop.</summary>
    public void BeginStop() => _stopping.TrySetResult();

    /// <summary>Rejects further submissions; entries already accepted are still stored.</summary>
    public void Close()
    {
        _closed = true;
        _queue.Writer.TryComplete();
    }

    /// <summary>Waits for a task; not for long once the portal stops.</summary>
    private async Task<bool> CompletesAsync(Task done, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Task either = Task.WhenAny(done, _stopping.Task);
        await either.WaitAsync(timeout, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!done.IsCompleted && _stopping.Task.IsCompleted)
        {
            await done.WaitAsync(StoppingTimeout, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return done.IsCompleted;
    }

    private JournalUnavailableException NotTaken() => new(WhyAway + " Nothing of this report was stored.", RetryAfterAway);

    private string WhyAway => _failure?.Kind == StoreFailureKind.DiskFull ? "The disk is full." : "The database is not responding.";

    private JournalUnavailableException OutcomeUnknown(Task? outcome) =>
        new(WhyAway + " It is not known whether this report was stored.", RetryAfterAway) { IsOutcomeKnown = false, Outcome = outcome };

    private void CancelAttempt()
    {
        try
        {
            _ = _attempt?.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }
    }

    private bool TryEnqueue(Submission submission)
    {
        int count = submission.Entries.Count;
        int queued = Interlocked.Add(ref _queued, count);

        // A submission larger than the whole queue is accepted when the queue is empty; otherwise it could never be stored.
        if ((queued <= Capacity || queued == count) && _rollups.HasRoom && _queue.Writer.TryWrite(submission))
        {
            _refusal = null;
            return true;
        }

        Interlocked.Add(ref _queued, -count);
        Interlocked.Add(ref _refused, count);
        _refusal ??= new(_time.GetUtcNow(), "", StoreFailureKind.None);
        return false;
    }

    private sealed record Failure(DateTimeOffset Since, string Message, StoreFailureKind Kind, bool IsLogged = false);
}
