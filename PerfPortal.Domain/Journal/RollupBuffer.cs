using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// The rollups that are not written yet, and the pages that were read. Rewriting a hot minute's sketch at every commit would cost more than the
/// rows, so a commit only marks the minute as dirty; the book collects what to add and writes it a second later. What is read is always stored
/// and collected together, so figures are exact at any moment.
/// <para>
/// Readers and the flush never wait for each other's work: a reader takes pages, which never change, and what is pending beside them under a short
/// lock, and merges afterwards. Only one that must fetch a page which a flush is just writing waits for that flush.
/// </para>
/// Bounded: at <see cref="FlushAt"/> series-minutes it is written at once; while the store fails it grows to <see cref="MaxPending"/>, then
/// <see cref="HasRoom"/> says no. Pages and their sums take at most as many bytes as asked for.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing to dispose of.")]
public sealed partial class RollupBuffer
{
    /// <summary>How many bytes of pages and sums are held unless it is said otherwise: 48 MiB.</summary>
    public const long DefaultCacheBytes = 48L << 20;

    /// <summary>The most series-minutes that may wait while the store fails; then reports should be refused.</summary>
    public const int MaxPending = 200_000;

    private const int FlushAt = 20_000;
    private const int ChunkBuckets = 512;
    private const int PoliteAttempts = 3;
    private const int ChangesRemembered = 32;

    // One part in so many of what is held are sums.
    private const int PartOfSums = 4;
    private static readonly TimeSpan FlushAfter = TimeSpan.FromSeconds(1);

    // Another portal process writes to the same database: its late reports to an old bucket are seen after a while only.
    private static readonly TimeSpan SharedTrust = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SharedTrustWhenOld = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Old = TimeSpan.FromHours(3);

    private readonly TimeProvider _time;
    private readonly ILogger<RollupBuffer> _logger;
    private readonly RollupCache _cache;
    private readonly RollupSums _sums;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Queue<Change> _changes = new();
    private PendingRollups _pending = new();
    private Flush? _underWay;
    private long _pendingSince;
    private long _version;
    private bool _hasFailed;
    private long _unwritable;

    /// <summary>Makes an empty book.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Is told of rollups that cannot be written.</param>
    /// <param name="cacheBytes">How many bytes of pages and sums are held at most.</param>
    public RollupBuffer(TimeProvider time, ILogger<RollupBuffer>? logger = null, long cacheBytes = DefaultCacheBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cacheBytes);
        _time = time;
        _logger = logger ?? NullLogger<RollupBuffer>.Instance;
        _sums = new(cacheBytes / PartOfSums, time);
        _cache = new(cacheBytes - (cacheBytes / PartOfSums));
    }

    /// <summary>The numbers of series in the pages that <see cref="ReadAsync"/> hands out.</summary>
    public SeriesIndex Series { get; } = new();

    /// <summary>Whether something is not written yet.</summary>
    public bool HasPending
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count > 0 || _underWay is not null;
            }
        }
    }

    /// <summary>Whether more may be counted; <see langword="false"/> only after the store failed for long.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count + (_underWay?.Rollups.Count ?? 0) < MaxPending;
            }
        }
    }

    /// <summary>Minutes since the start whose rollups could be neither added to nor made anew; they stay marked, and the next start tries again.</summary>
    public long UnwritableMinutes => Interlocked.Read(ref _unwritable);

    /// <summary>About how many bytes the pages and sums take that are held.</summary>
    public long CachedBytes
    {
        get
        {
            lock (_lock)
            {
                return _cache.Bytes + _sums.Bytes;
            }
        }
    }

    /// <summary>Series-minutes that are not written yet.</summary>
    public int PendingCount
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count;
            }
        }
    }

    /// <summary>How long until the book should be written.</summary>
    public TimeSpan UntilFlush
    {
        get
        {
            lock (_lock)
            {
                var left = IsFull ? TimeSpan.Zero : FlushAfter - _time.GetElapsedTime(_pendingSince);
                return left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);
            }
        }
    }

    /// <summary>Whether the book should be written now.</summary>
    public bool IsFlushDue
    {
        get
        {
            lock (_lock)
            {
                return IsFull || (_pending.Count > 0 && _time.GetElapsedTime(_pendingSince) >= FlushAfter);
            }
        }
    }

    // While the store fails, a full book is tried again each second like any other.
    private bool IsFull => _pending.Count >= FlushAt && !_hasFailed;

    /// <summary>Counts an ended operation in the minute in which it ended.</summary>
    public void Add(Operation operation)
    {
        lock (_lock)
        {
            OperationFigures.AddTo(Of(operation), operation);
        }
    }

    /// <summary>Takes an abandoned operation back, because it completed after all.</summary>
    public void TakeBack(Operation abandoned)
    {
        lock (_lock)
        {
            Of(abandoned).AddCount(-1);
        }
    }

    /// <summary>
    /// Writes what is pending. When the store is away, all of it stays pending. A minute that cannot be added to, because what is stored of it is damaged, is
    /// made anew from its rows; if that fails too it is given up, and the others are written.
    /// </summary>
    public async Task FlushAsync(IJournalStore store, CancellationToken cancellationToken)
    {
        if (!HasPending)
        {
            return;
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var flush = Begin();
            var left = new HashSet<long>(flush.Rollups.Minutes);
            try
            {
                await WriteAsync(store, flush.Rollups, left, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                End(flush, left);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Makes minutes anew from their rows, as after a crash; pages that were read are forgotten.</summary>
    public async Task RebuildAsync(IJournalStore store, IReadOnlyList<long> minutes, CancellationToken cancellationToken)
    {
        var changed = new PendingRollups();
        foreach (long minute in minutes)
        {
            changed.Of(minute, default);
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await store.RebuildRollupsAsync(minutes, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
            {
                Forget(changed.Pages());
            }

            _turn.Release();
        }
    }

    /// <summary>
    /// Forgets what is pending and counts the dirty minutes anew from their rows: for when a transaction may hold or not. Nothing is lost, for what
    /// is pending is stored, and its minutes are dirty. Called by the one who also counts, between two commits.
    /// </summary>
    public async Task RecountAsync(IJournalStore store, CancellationToken cancellationToken)
    {
        await RebuildAsync(store, await store.ReadDirtyMinutesAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            _pending = new();
        }
    }

    /// <summary>Forgets pages before a time, after retention deleted them.</summary>
    public void Forget(RollupResolution resolution, DateTimeOffset before)
    {
        lock (_lock)
        {
            long bucket = RollupBuckets.Of(resolution, before);
            _cache.RemoveBefore(resolution, bucket);
            _sums.RemoveBefore(resolution, bucket);

            // Who has read such pages before must not hold them after.
            _version++;
            _changes.Clear();
        }
    }

    private Flush Begin()
    {
        lock (_lock)
        {
            var flush = new Flush(_pending, _pending.Pages(), new(TaskCreationOptions.RunContinuationsAsynchronously));
            _pending = new();
            _pendingSince = _time.GetTimestamp();
            _underWay = flush;
            return flush;
        }
    }

    private void End(Flush flush, HashSet<long> left)
    {
        lock (_lock)
        {
            _hasFailed = left.Count > 0;
            foreach (long minute in left)
            {
                _pending.Merge(flush.Rollups, minute);
            }

            _underWay = null;
            Forget(flush.Pages);
        }

        flush.Done.SetResult();
    }

    private void Forget(HashSet<PageAt> pages)
    {
        foreach (var at in pages)
        {
            _cache.Remove(at);
        }

        _sums.Remove(pages);
        _changes.Enqueue(new(++_version, pages));
        while (_changes.Count > ChangesRemembered)
        {
            _changes.Dequeue();
        }
    }

    /// <summary>Writes all minutes at once, or, when that cannot be, one by one; what was written or given up is not left.</summary>
    private async Task WriteAsync(IJournalStore store, PendingRollups rollups, HashSet<long> left, CancellationToken cancellationToken)
    {
        try
        {
            await store.AddRollupsAsync(rollups.Deltas(rollups.Minutes), rollups.Minutes, cancellationToken).ConfigureAwait(false);
            left.Clear();
            return;
        }
        catch (Exception exception) when (!store.IsTransient(exception) && !cancellationToken.IsCancellationRequested)
        {
            _logger.LogError(exception, "The rollups of {Minutes} minutes cannot be written together; trying one by one.", left.Count);
        }

        var failed = new Dictionary<long, Exception>();
        foreach (long minute in rollups.Minutes)
        {
            if (await AddAsync(store, rollups, minute, cancellationToken).ConfigureAwait(false) is { } exception)
            {
                failed.Add(minute, exception);
            }
            else
            {
                left.Remove(minute);
            }
        }

        // Together by hours, and after all others: making one minute anew makes every damaged minute of its hour anew, to which nothing may be added then.
        foreach (var hour in failed.GroupBy(minute => RollupBuckets.HourOf(minute.Key)))
        {
            long[] minutes = [.. hour.Select(minute => minute.Key)];
            await MendAsync(store, minutes, hour.First().Value, cancellationToken).ConfigureAwait(false);
            left.ExceptWith(minutes);
        }
    }

    /// <summary>Adds the figures of one minute; says why when they cannot be added.</summary>
    private static async Task<Exception?> AddAsync(IJournalStore store, PendingRollups rollups, long minute, CancellationToken cancellationToken)
    {
        try
        {
            await store.AddRollupsAsync(rollups.Deltas([minute]), [minute], cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (!store.IsTransient(exception) && !cancellationToken.IsCancellationRequested)
        {
            return exception;
        }
    }

    private async Task MendAsync(IJournalStore store, long[] minutes, Exception cause, CancellationToken cancellationToken)
    {
        string named = string.Join(", ", minutes);
        try
        {
            // The rows are durable before their figures are pending, so they say all that was to be added.
            await store.RebuildRollupsAsync(minutes, cancellationToken).ConfigureAwait(false);
            _logger.LogWarning(cause, "The rollups of the minutes {Minutes} could not be added to and were made anew from the rows.", named);
        }
        catch (Exception exception) when (!store.IsTransient(exception) && !cancellationToken.IsCancellationRequested)
        {
            Interlocked.Add(ref _unwritable, minutes.Length);
            _logger.LogError(exception, "The rollups of the minutes {Minutes} can be neither written nor made anew; their figures are behind until the next start.", named);
        }
    }

    private Rollup Of(Operation operation)
    {
        if (_pending.Count == 0)
        {
            _pendingSince = _time.GetTimestamp();
        }

        return _pending.Of(
            RollupBuckets.Of(RollupResolution.Minute, operation.EndTime!.Value),
            new(new(operation.MetricType, operation.Source, operation.Name), operation.Status));
    }

    private sealed record Flush(PendingRollups Rollups, HashSet<PageAt> Pages, TaskCompletionSource Done);

    private sealed record Change(long Version, HashSet<PageAt> Pages);
}
