using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// Buffers rollups that are not written yet and caches pages that were read. Rewriting a hot minute's sketch at every commit would cost more than the
/// rows, so a commit only marks the minute as dirty; this buffer collects the additions and flushes them a second later. Reads always combine stored
/// and pending rollups, so figures are exact at all times.
/// <para>
/// Readers and flushes do not block each other: a reader copies references to immutable pages and the pending rollups under a short
/// lock and merges afterwards. Only a reader that needs an uncached page that is being flushed waits for that flush.
/// </para>
/// Bounded: at <see cref="FlushAt"/> series-minutes it is flushed immediately; while the store fails it grows to <see cref="MaxPending"/>, then
/// <see cref="HasRoom"/> is <see langword="false"/>. The cache of pages and sums is limited to the configured number of bytes.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A SemaphoreSlim whose AvailableWaitHandle is never used has nothing to dispose.")]
public sealed partial class RollupBuffer
{
    /// <summary>The default size of the cache of pages and sums in bytes: 48 MiB.</summary>
    public const long DefaultCacheBytes = 48L << 20;

    /// <summary>The maximum number of pending series-minutes while the store fails; beyond it, reports should be rejected.</summary>
    public const int MaxPending = 200_000;

    private const int FlushAt = 20_000;
    private const int ChunkBuckets = 512;
    private const int OptimisticAttempts = 3;
    private const int ChangesRemembered = 32;

    // Sums use 1/n of the cache.
    private const int PartOfSums = 4;
    private static readonly TimeSpan FlushAfter = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _time;
    private readonly ILogger<RollupBuffer> _logger;
    private readonly RollupCache _cache;
    private readonly RollupSums _sums;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly Queue<Change> _changes = new();
    private PendingRollups _pending = new();
    private Flush? _currentFlush;
    private long _pendingSince;
    private long _version;
    private bool _hasFailed;
    private long _unwritable;

    /// <summary>Creates an empty buffer.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="logger">The logger.</param>
    /// <param name="cacheBytes">The maximum size of the cache of pages and sums in bytes.</param>
    public RollupBuffer(TimeProvider time, ILogger<RollupBuffer>? logger = null, long cacheBytes = DefaultCacheBytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cacheBytes);
        _time = time;
        _logger = logger ?? NullLogger<RollupBuffer>.Instance;
        _sums = new(cacheBytes / PartOfSums, time);
        _cache = new(cacheBytes - (cacheBytes / PartOfSums));
    }

    /// <summary>The numbers of the series in the pages that <see cref="ReadAsync"/> returns.</summary>
    public SeriesIndex Series { get; } = new();

    /// <summary>Whether any rollups are not written yet.</summary>
    public bool HasPending
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count > 0 || _currentFlush is not null;
            }
        }
    }

    /// <summary>Whether more rollups fit; <see langword="false"/> only when the store has been failing for long.</summary>
    public bool HasRoom
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count + (_currentFlush?.Rollups.Count ?? 0) < MaxPending;
            }
        }
    }

    /// <summary>Minutes since startup whose rollups could be neither updated nor rebuilt; they stay marked as dirty and are retried at the next startup.</summary>
    public long UnwritableMinutes => Interlocked.Read(ref _unwritable);

    /// <summary>The approximate size of the cached pages and sums in bytes.</summary>
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

    /// <summary>The number of pending series-minutes.</summary>
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

    /// <summary>
    /// Waits until the rollups of all minutes before a time are written or rebuilt. Until then their rows are needed: for the rebuild, or for one after a crash.
    /// </summary>
    public async Task WhenWrittenAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        while (NeedsRowsBefore(before))
        {
            await Task.Delay(FlushAfter, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The time until the next flush is due.</summary>
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

    /// <summary>Whether a flush is due.</summary>
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

    // While the store fails, a full buffer is retried every second like any other.
    private bool IsFull => _pending.Count >= FlushAt && !_hasFailed;

    /// <summary>Adds an ended operation to the minute in which it ended.</summary>
    public void Add(Operation operation)
    {
        lock (_lock)
        {
            if (!IsStale(operation))
            {
                OperationFigures.AddTo(Of(operation), operation);
            }
        }
    }

    /// <summary>Subtracts an abandoned operation that completed after all.</summary>
    public void RemoveAbandoned(Operation abandoned)
    {
        lock (_lock)
        {
            if (!IsStale(abandoned))
            {
                Of(abandoned).AddCount(-1);
            }
        }
    }

    /// <summary>
    /// Writes the pending rollups. When the store is unavailable, they stay pending. A minute that cannot be updated because its stored rollups are corrupt is
    /// rebuilt from its rows; if that fails too, its pending rollups are dropped and the other minutes are written.
    /// </summary>
    public async Task FlushAsync(IJournalStore store, CancellationToken cancellationToken)
    {
        if (!HasPending)
        {
            return;
        }

        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
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
            _gate.Release();
        }
    }

    /// <summary>Evicts cached pages before a time, after retention deleted them.</summary>
    public void Forget(RollupResolution resolution, DateTimeOffset before)
    {
        lock (_lock)
        {
            long bucket = RollupBuckets.Of(resolution, before);
            _cache.RemoveBefore(resolution, bucket);
            _sums.RemoveBefore(resolution, bucket);

            // Readers that fetched such pages earlier must not cache them now.
            _version++;
            _changes.Clear();
        }
    }

    /// <summary>Evicts all cached pages and sums, after a source was removed from all of them.</summary>
    public void ForgetAll()
    {
        lock (_lock)
        {
            foreach (var resolution in Enum.GetValues<RollupResolution>())
            {
                _cache.RemoveBefore(resolution, long.MaxValue);
                _sums.RemoveBefore(resolution, long.MaxValue);
            }

            _version++;
            _changes.Clear();
        }
    }

    private bool NeedsRowsBefore(DateTimeOffset time)
    {
        long minute = RollupBuckets.Of(RollupResolution.Minute, time);
        lock (_lock)
        {
            return _pending.Minutes.Any(pending => pending < minute)
                || _currentFlush?.Rollups.Minutes.Any(flushed => flushed < minute) == true
                || (_stale.Count > 0 && _stale.Min < minute);
        }
    }

    private Flush Begin()
    {
        lock (_lock)
        {
            var flush = new Flush(_pending, _pending.Pages(), new(TaskCreationOptions.RunContinuationsAsynchronously));
            _pending = new();
            _pendingSince = _time.GetTimestamp();
            _currentFlush = flush;
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

            _currentFlush = null;
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

    /// <summary>Writes all minutes at once or, if that fails, one by one. Removes the minutes that were written or given up from <paramref name="left"/>.</summary>
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
            _logger.LogError(exception, "The rollups of {Minutes} minutes could not be written in one batch; retrying one by one.", left.Count);
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

        // Grouped by hour and after all others: rebuilding a minute also rebuilds every corrupt minute of its hour, and rollups added to those afterwards would count twice.
        foreach (var hour in failed.GroupBy(minute => RollupBuckets.HourOf(minute.Key)))
        {
            long[] minutes = [.. hour.Select(minute => minute.Key)];
            await RebuildCorruptAsync(store, minutes, hour.First().Value, cancellationToken).ConfigureAwait(false);
            left.ExceptWith(minutes);
        }
    }

    /// <summary>Adds the rollups of one minute; returns the exception when that fails permanently.</summary>
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

    private async Task RebuildCorruptAsync(IJournalStore store, long[] minutes, Exception cause, CancellationToken cancellationToken)
    {
        string named = string.Join(", ", minutes);
        try
        {
            // Rows become durable before their rollups are pending, so the rows contain everything that was to be added.
            await store.RebuildRollupsAsync(minutes, cancellationToken).ConfigureAwait(false);
            _logger.LogWarning(cause, "The rollups of minutes {Minutes} could not be updated and were rebuilt from the rows.", named);
        }
        catch (Exception exception) when (!store.IsTransient(exception) && !cancellationToken.IsCancellationRequested)
        {
            Interlocked.Add(ref _unwritable, minutes.Length);
            _logger.LogError(exception, "The rollups of minutes {Minutes} can be neither written nor rebuilt; their figures are incomplete until the next startup.", named);
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
