using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>Reads ended operations from blocks; row-based data is read through <see cref="EfOperationReader"/>.</summary>
internal sealed class SqliteOperationReader(SqliteDatabase database) : IOperationReader
{
    private readonly EfOperationReader _rows = new(database, database.Names);
    private readonly NameDirectory _names = database.Names;

    public ValueTask<IReadOnlyList<Operation>> ReadRunningAsync(CancellationToken cancellationToken) => _rows.ReadRunningAsync(cancellationToken);

    public IReadOnlyList<string> ReadSources() => _rows.ReadSources();

    public ValueTask ReadRollupsAsync(
        RollupResolution resolution, long from, long to, SeriesIndex series, Action<long, RollupPage> each, CancellationToken cancellationToken)
    {
        using var connection = database.OpenConnection();
        SqliteRollupReader.Read(connection, new(resolution, from, to), new(_names, series), each, cancellationToken);
        return ValueTask.CompletedTask;
    }

    public ValueTask<Operation?> FindAsync(Guid id, CancellationToken cancellationToken) => ValueTask.FromResult(Find(id, null, cancellationToken));

    public ValueTask<Operation?> FindAsync(Guid id, DateTimeOffset start, CancellationToken cancellationToken) => ValueTask.FromResult(Find(id, start, cancellationToken));

    public ValueTask<OperationPage> ReadPageAsync(OperationQuery query, CancellationToken cancellationToken)
    {
        if (RowMatch.Of(query.Range, query.Filter, _names) is not { } match)
        {
            return ValueTask.FromResult(new OperationPage([], null));
        }

        using var snapshot = database.OpenSnapshot();
        var order = new PageOrder(query.Order);
        long budget = query.IsGuaranteed ? long.MaxValue : OperationQuery.ScanBudget;
        if (order.IsByStart)
        {
            return ValueTask.FromResult(new TimePage(order, match, query.Limit, query.After, ToOperation).Find(snapshot.Directory.All, snapshot.OpenOnce, budget, cancellationToken));
        }

        using var opened = new PageBlocks(snapshot.OpenOnce);
        return ValueTask.FromResult(new DurationPage(order, match, query.Limit, query.After, ToOperation, opened).Find(
            snapshot.Directory.All, block => snapshot.Sort(block, opened.Open), query.Filter.Series.MetricType, budget, cancellationToken));
    }

    public ValueTask ScanAsync(TimeRange range, OperationFilter filter, Func<Operation, bool> each, CancellationToken cancellationToken) =>
        ScanAsync(range, filter, (block, index) => each(ToOperation(block, index)), cancellationToken);

    public ValueTask ScanOutlinesAsync(TimeRange range, OperationFilter filter, Func<Operation, bool> each, CancellationToken cancellationToken) => ScanAsync(
        range, filter, (block, index) => each(block.OutlineAt(index, _names.Names.NameOf, _names.Sources.NameOf)), cancellationToken);

    private ValueTask ScanAsync(TimeRange range, OperationFilter filter, Func<OperationBlock, int, bool> each, CancellationToken cancellationToken)
    {
        if (RowMatch.Of(range, filter, _names) is { } match)
        {
            using var snapshot = database.OpenSnapshot();
            foreach (var (block, index) in LatestFirst.Of(snapshot.Directory.All, match, snapshot.Open))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!each(block, index))
                {
                    break;
                }
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> ScanMarksAsync(TimeRange range, OperationFilter filter, int max, Action<OperationMark> each, CancellationToken cancellationToken)
    {
        if (RowMatch.Of(range, filter, _names) is not { } match)
        {
            return ValueTask.FromResult(true);
        }

        using var snapshot = database.OpenSnapshot();
        long left = max;
        foreach (var info in snapshot.Directory.All.Where(match.MayPass))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var block = snapshot.OpenOnce(info);
            if (block is null || match.SeriesOf(block.Series) is not { } series || !match.MayContainText(block))
            {
                continue;
            }

            if ((left -= Marks(block, match, series, each)) < 0)
            {
                return ValueTask.FromResult(false);
            }
        }

        return ValueTask.FromResult(true);
    }

    public ValueTask RollUpAsync(
        TimeRange range, SeriesFilter filter, bool withFacts, Action<SeriesKey, OperationStatus, Rollup> each, CancellationToken cancellationToken)
    {
        // Most range edges contain no operations; opening a transaction to find that out would dominate the cost.
        if (RowMatch.Of(range, new() { Series = filter }, _names) is not { } match || !database.Blocks.Directory.All.Any(match.MayPass))
        {
            return ValueTask.CompletedTask;
        }

        var rollups = new BlockRollups(match, withFacts);
        using (var snapshot = database.OpenSnapshot())
        {
            foreach (var info in snapshot.Directory.All.Where(match.MayPass))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var block = snapshot.OpenOnce(info);
                if (block is not null)
                {
                    rollups.Add(block);
                }
            }
        }

        foreach (var (series, rollup) in rollups.All)
        {
            each(new(series.MetricType, _names.Sources.NameOf(series.SourceId), _names.Names.NameOf(series.NameId)), series.Status, rollup);
        }

        return ValueTask.CompletedTask;
    }

    public bool MayHaveEnded(TimeRange range)
    {
        var (from, to) = (range.From.ToMicroseconds(), range.To.ToMicroseconds());
        return !database.IsLoaded || database.Blocks.Directory.MayHaveEnded(from, to);
    }

    /// <summary>Reports the marks of a block and returns the number of operations examined.</summary>
    private static int Marks(OperationBlock block, RowMatch match, bool[] series, Action<OperationMark> each)
    {
        int looked = 0;
        for (int i = 0; i < block.Count; i++)
        {
            int of = block.SeriesIndex[i];
            if (series[of] && block.Ends[i] >= match.FromUs && block.Ends[i] < match.ToUs)
            {
                looked++;
                if (match.Passes(block, i))
                {
                    each(new(Microseconds.ToTime(block.Ends[i]), TimeSpan.FromMicroseconds(block.Durations[i]), block.Series[of].Status));
                }
            }
        }

        return looked;
    }

    private Operation? Find(Guid id, DateTimeOffset? start, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var snapshot = database.OpenSnapshot();
            if (TryFind(snapshot, id, start, cancellationToken, out var operation))
            {
                return operation;
            }
        }
    }

    /// <summary>Looks up an id; <see langword="false"/> if the blocks changed concurrently and the lookup must be retried.</summary>
    private bool TryFind(SqliteSnapshot snapshot, Guid id, DateTimeOffset? start, CancellationToken cancellationToken, out Operation? operation)
    {
        Operation? found = null;
        bool hasMoved = false;
        var (high, low) = OperationKeys.Split(id);
        Span<int> candidates = stackalloc int[RecentIds.MaxCandidates];
        foreach (int candidate in candidates[..database.Blocks.Ids.Find(high, low, candidates)])
        {
            if (!snapshot.Directory.ById.TryGetValue(candidate, out var block))
            {
                hasMoved |= database.Blocks.Directory.ById.ContainsKey(candidate);
            }
            else if ((found = In(snapshot.Open(block), id)) is not null)
            {
                break;
            }
        }

        long since = database.Blocks.IdsSince.ToMicroseconds();
        if (found is null && !hasMoved)
        {
            // Most ids contain the start time of the operation (to the millisecond): search those blocks first.
            long? made = OperationIds.TimeOf(id)?.ToMicroseconds();
            long? startUs = start?.ToMicroseconds();
            bool IsLikely(BlockInfo block) => made is { } us && (block.Bounds.StartsAround(us) || block.Bounds.StartsAround(us + 999));
            bool IsPossible(BlockInfo block) => startUs is not { } us || block.Bounds.StartsAround(us) || IsLikely(block);
            foreach (var block in snapshot.Directory.All
                .Where(block => block.StoredUs < since && IsPossible(block) && !database.Blocks.Excludes(block, high, low)).OrderByDescending(IsLikely))
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var opened = snapshot.OpenOnce(block);
                if ((found = In(opened, id)) is not null)
                {
                    break;
                }
            }
        }

        operation = found;
        return found is not null || !hasMoved;
    }

    private Operation? In(OperationBlock? block, Guid id) =>
        block?.IndexOf(id) is >= 0 and var index && ToOperation(block, index) is var operation && !RemovedSource.Is(operation.Source) ? operation : null;

    private Operation ToOperation(BlockPlace place) =>
        place.Block.OperationAt(place.Index, place.Series, place.Duration, _names.Names.NameOf, _names.Sources.NameOf);

    private Operation ToOperation(OperationBlock block, int index) => block.OperationAt(index, _names.Names.NameOf, _names.Sources.NameOf);
}
