using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Tests.Journal;

namespace PerfPortal.Tests.Analysis;

/// <summary>Ended operations in memory; rollups are made of them when they are read.</summary>
internal sealed class MemoryOperations : IOperationReader
{
    public List<Operation> Ended { get; } = [];

    public List<Operation> Running { get; } = [];

    public int RowReads { get; private set; }

    public Action? BeforeScan { get; set; }

    public ValueTask<Operation?> FindAsync(Guid id, CancellationToken cancellationToken) => ValueTask.FromResult(Ended.FirstOrDefault(operation => operation.Id == id));

    public ValueTask<IReadOnlyList<Operation>> ReadRunningAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<Operation>>(Running);

    public ValueTask<OperationPage> ReadPageAsync(OperationQuery query, CancellationToken cancellationToken)
    {
        var rows = Rows(query.Range, query.Filter);
        rows = query.Order switch
        {
            OperationOrder.DurationDescending => rows.OrderByDescending(operation => operation.Duration),
            OperationOrder.DurationAscending => rows.OrderBy(operation => operation.Duration),
            OperationOrder.StartAscending => rows.OrderBy(operation => operation.StartTime),
            _ => rows.OrderByDescending(operation => operation.StartTime),
        };
        return ValueTask.FromResult(new OperationPage([.. rows.Take(query.Limit)], null));
    }

    public ValueTask ScanAsync(TimeRange range, OperationFilter filter, Func<Operation, bool> each, CancellationToken cancellationToken)
    {
        RowReads++;
        BeforeScan?.Invoke();
        _ = Rows(range, filter).OrderByDescending(operation => operation.EndTime).All(each);
        return ValueTask.CompletedTask;
    }

    public ValueTask ReadRollupsAsync(
        RollupResolution resolution, long from, long to, SeriesIndex series, Action<long, RollupPage> each, CancellationToken cancellationToken)
    {
        var rollups = new Dictionary<(long, SeriesKey, OperationStatus), RollupDelta>();
        foreach (var operation in Ended)
        {
            long bucket = RollupBuckets.Of(resolution, operation.EndTime!.Value);
            if (bucket >= from && bucket < to)
            {
                var key = (bucket, new SeriesKey(operation.MetricType, operation.Source, operation.Name), operation.Status);
                rollups.TryAdd(key, new(resolution, bucket, key.Item2, key.Status, new()));
                OperationFigures.AddTo(rollups[key].Rollup, operation);
            }
        }

        foreach (var (bucket, page) in RollupPages.Of(rollups.Values, series))
        {
            each(bucket, page);
        }

        return ValueTask.CompletedTask;
    }

    public IReadOnlyList<string> ReadSources() =>
        [.. Ended.Select(operation => operation.Source).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Nothing is held, since operations come here past the book.</summary>
    public StatisticsReader Statistics(TimeProvider time, int retentionHours = 168) => new(this, new RollupBuffer(time, cacheBytes: 0), Days.Horizons(time, retentionHours));

    private IEnumerable<Operation> Rows(TimeRange range, OperationFilter filter) => Ended.Where(operation =>
        range.Contains(operation.EndTime!.Value)
        && filter.Series.Matches(new(operation.MetricType, operation.Source, operation.Name), operation.Status)
        && (filter.MinDuration is null || operation.Duration >= filter.MinDuration)
        && (filter.MaxDuration is null || operation.Duration <= filter.MaxDuration));
}
