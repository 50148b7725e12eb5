using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// The rollups that are not written yet. Rewriting a hot minute's sketch at every commit would cost more than the rows,
/// so a commit only marks the minute as dirty; the book collects what to add and writes it a second later. What is read
/// is always stored and collected together, so figures are exact at any moment.
/// At <see cref="FlushAt"/> series-minutes it is written at once; only while the store fails it may grow beyond.
/// </summary>
public sealed class RollupBook(TimeProvider time)
{
    private const int FlushAt = 20_000;
    private static readonly TimeSpan FlushAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly ReaderWriterGate _gate = new();
    private Dictionary<Key, Rollup> _pending = [];
    private long _pendingSince;
    private bool _hasFailed;

    /// <summary>Whether something is not written yet.</summary>
    public bool HasPending
    {
        get
        {
            lock (_lock)
            {
                return _pending.Count > 0;
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
                var left = IsFull ? TimeSpan.Zero : FlushAfter - time.GetElapsedTime(_pendingSince);
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
                return IsFull || (_pending.Count > 0 && time.GetElapsedTime(_pendingSince) >= FlushAfter);
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

    /// <summary>Writes what is pending. When the store fails, all of it stays pending.</summary>
    public async Task FlushAsync(IJournalStore store, CancellationToken cancellationToken)
    {
        if (!HasPending)
        {
            return;
        }

        using (await _gate.EnterWriteAsync(cancellationToken).ConfigureAwait(false))
        {
            Dictionary<Key, Rollup> taken;
            lock (_lock)
            {
                taken = _pending;
                _pending = [];
                _pendingSince = time.GetTimestamp();
            }

            try
            {
                await store.AddRollupsAsync(Deltas(taken), [.. taken.Keys.Select(key => key.Minute).Distinct()], cancellationToken).ConfigureAwait(false);
                lock (_lock)
                {
                    _hasFailed = false;
                }
            }
            catch
            {
                lock (_lock)
                {
                    _hasFailed = true;
                    foreach (var (key, rollup) in taken)
                    {
                        Of(key).Merge(rollup);
                    }
                }

                throw;
            }
        }
    }

    /// <summary>
    /// Reads stored and pending rollups as of one moment: <paramref name="each"/> is called for every stored rollup and for
    /// what is pending beside it.
    /// </summary>
    public async Task ReadAsync(
        IOperationReader reader, RollupResolution resolution, long from, long to, SeriesFilter filter, Action<RollupDelta> each,
        CancellationToken cancellationToken)
    {
        using (await _gate.EnterReadAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var delta in Pending(resolution, from, to, filter))
            {
                each(delta);
            }

            await reader.ReadRollupsAsync(resolution, from, to, filter, each, cancellationToken).ConfigureAwait(false);
        }
    }

    private static List<RollupDelta> Deltas(Dictionary<Key, Rollup> minutes)
    {
        var deltas = new List<RollupDelta>(minutes.Count * 2);
        var hours = new Dictionary<Key, Rollup>();
        foreach (var (key, rollup) in minutes)
        {
            deltas.Add(new(RollupResolution.Minute, key.Minute, key.Series, key.Outcome, rollup));
            var hour = key with { Minute = HourOf(key.Minute) };
            if (hours.TryGetValue(hour, out var sum))
            {
                sum.Merge(rollup);
            }
            else
            {
                hours.Add(hour, rollup.Clone());
            }
        }

        deltas.AddRange(hours.Select(pair => new RollupDelta(RollupResolution.Hour, pair.Key.Minute, pair.Key.Series, pair.Key.Outcome, pair.Value)));
        return deltas;
    }

    private List<RollupDelta> Pending(RollupResolution resolution, long from, long to, SeriesFilter filter)
    {
        lock (_lock)
        {
            var deltas = new List<RollupDelta>();
            foreach (var (key, rollup) in _pending)
            {
                long bucket = resolution == RollupResolution.Minute ? key.Minute : HourOf(key.Minute);
                if (bucket >= from && bucket < to && filter.Matches(key.Series, key.Outcome))
                {
                    deltas.Add(new(resolution, bucket, key.Series, key.Outcome, rollup.Clone()));
                }
            }

            return deltas;
        }
    }

    private static long HourOf(long minute) => (long)Math.Floor(minute / 60.0);

    private Rollup Of(Operation operation) => Of(new Key(
        RollupBuckets.Of(RollupResolution.Minute, operation.EndTime!.Value),
        new(operation.MetricType, operation.Source, operation.Name),
        operation.Status));

    private Rollup Of(Key key)
    {
        if (_pending.Count == 0)
        {
            _pendingSince = time.GetTimestamp();
        }

        if (!_pending.TryGetValue(key, out var rollup))
        {
            _pending.Add(key, rollup = new());
        }

        return rollup;
    }

    private readonly record struct Key(long Minute, SeriesKey Series, OperationStatus Outcome);
}
