using System.Runtime.InteropServices;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>Reads stored operations. Thread-safe.</summary>
public interface IOperationReader
{
    /// <summary>Returns the ended operation with this ID, or <see langword="null"/>.</summary>
    ValueTask<Operation?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Returns the ended operation with this ID that started at this time, or <see langword="null"/>. Used to detect repeated reports: for an unknown ID, which is
    /// the usual case for a new report, <see cref="FindAsync(Guid, CancellationToken)"/> may have to search the whole store.
    /// </summary>
    /// <param name="id">The operation ID.</param>
    /// <param name="start">The start time. An operation with this ID but another start time may or may not be found.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask<Operation?> FindAsync(Guid id, DateTimeOffset start, CancellationToken cancellationToken) => FindAsync(id, cancellationToken);

    /// <summary>Returns the operations that were running when they were last stored.</summary>
    ValueTask<IReadOnlyList<Operation>> ReadRunningAsync(CancellationToken cancellationToken);

    /// <summary>Returns one page of ended operations.</summary>
    ValueTask<OperationPage> ReadPageAsync(OperationQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Enumerates the ended operations in a range, latest end first, until <paramref name="each"/> returns <see langword="false"/>.
    /// </summary>
    ValueTask ScanAsync(TimeRange range, OperationFilter filter, Func<Operation, bool> each, CancellationToken cancellationToken);

    /// <summary>Like <see cref="ScanAsync"/>, but metadata, events and resource usage may be missing, which account for most of the cost of reading an operation.</summary>
    ValueTask ScanOutlinesAsync(TimeRange range, OperationFilter filter, Func<Operation, bool> each, CancellationToken cancellationToken) =>
        ScanAsync(range, filter, each, cancellationToken);

    /// <summary>
    /// Enumerates end, duration and status of the ended operations in a range, in no particular order: the input of statistics, without loading whole operations.
    /// </summary>
    /// <param name="range">The range of end times.</param>
    /// <param name="filter">The operations to include.</param>
    /// <param name="max">The maximum number of operations to examine.</param>
    /// <param name="each">Receives each matching operation.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns><see langword="true"/> when the scan is complete; <see langword="false"/> when it stopped at <paramref name="max"/>.</returns>
    async ValueTask<bool> ScanMarksAsync(TimeRange range, OperationFilter filter, int max, Action<OperationMark> each, CancellationToken cancellationToken)
    {
        int seen = 0;
        await ScanAsync(
            range, filter,
            operation =>
            {
                if (++seen > max)
                {
                    return false;
                }

                each(new(operation.EndTime!.Value, operation.Duration!.Value, operation.Status));
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return seen <= max;
    }

    /// <summary>
    /// Aggregates the ended operations in a range into rollups by series and outcome. Examines every operation in the range, so it is meant for
    /// ranges shorter than a stored rollup.
    /// </summary>
    /// <param name="range">The range of end times.</param>
    /// <param name="filter">The operations to include.</param>
    /// <param name="withFacts">Whether to aggregate the numbers in metadata too, which is the most expensive part.</param>
    /// <param name="each">Receives each rollup, at most once per series and outcome, in no particular order. The receiver owns the rollup.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    async ValueTask RollUpAsync(
        TimeRange range, SeriesFilter filter, bool withFacts, Action<SeriesKey, OperationStatus, Rollup> each, CancellationToken cancellationToken)
    {
        var rollups = new Dictionary<(SeriesKey Series, OperationStatus Outcome), Rollup>();
        await ScanAsync(
            range, new() { Series = filter },
            operation =>
            {
                ref var rollup = ref CollectionsMarshal.GetValueRefOrAddDefault(
                    rollups, (new(operation.MetricType, operation.Source, operation.Name), operation.Status), out _);
                OperationFigures.AddTo(rollup ??= new(), operation);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        foreach (var (of, rollup) in rollups)
        {
            each(of.Series, of.Outcome, rollup);
        }
    }

    /// <summary>
    /// Whether the store may contain an operation that ended in the range: <see langword="false"/> only when it certainly does not and this is known without reading
    /// from the database.
    /// </summary>
    bool MayHaveEnded(TimeRange range) => true;

    /// <summary>
    /// Reads the pages of stored rollups for buckets in [<paramref name="from"/>, <paramref name="to"/>) in order, including the portal's own series;
    /// empty buckets are skipped. Each call reads a consistent snapshot of the store.
    /// </summary>
    /// <param name="resolution">Minutes or hours.</param>
    /// <param name="from">The first bucket.</param>
    /// <param name="to">The end bucket, exclusive.</param>
    /// <param name="series">Assigns the numbers that identify series in pages.</param>
    /// <param name="each">Receives each bucket and its page.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    ValueTask ReadRollupsAsync(
        RollupResolution resolution, long from, long to, SeriesIndex series, Action<long, RollupPage> each, CancellationToken cancellationToken);

    /// <summary>Returns every source that ever reported, sorted, without the portal itself.</summary>
    IReadOnlyList<string> ReadSources();
}

/// <summary>The data of an ended operation that statistics need.</summary>
/// <param name="End">The end time.</param>
/// <param name="Duration">The duration.</param>
/// <param name="Status">The outcome.</param>
public readonly record struct OperationMark(DateTimeOffset End, TimeSpan Duration, OperationStatus Status);

/// <summary>Selects operations by a series filter and by criteria that need the operation rows.</summary>
public sealed record OperationFilter
{
    /// <summary>Type, name, source and outcome.</summary>
    public SeriesFilter Series { get; init; } = SeriesFilter.Everyone;

    /// <summary>The minimum duration, inclusive.</summary>
    public TimeSpan? MinDuration { get; init; }

    /// <summary>The maximum duration, inclusive.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>Text that the name, error type or error message must contain, ignoring case.</summary>
    public string? Text { get; init; }

    /// <summary>Whether the filter can be evaluated on rollups alone.</summary>
    public bool UsesSeriesOnly => MinDuration is null && MaxDuration is null && string.IsNullOrEmpty(Text);
}

/// <summary>Sort orders for a page of operations.</summary>
public enum OperationOrder : byte
{
    /// <summary>Latest start first.</summary>
    StartDescending,

    /// <summary>Earliest start first.</summary>
    StartAscending,

    /// <summary>Longest first.</summary>
    DurationDescending,

    /// <summary>Shortest first.</summary>
    DurationAscending,
}

/// <summary>Marks where the next page starts: after the operation with this sort value, key and ID.</summary>
/// <param name="SortValue">The start or the duration of the last operation, in microseconds.</param>
/// <param name="Key">The tiebreaker for equal sort values: the store's own key, or the end in microseconds.</param>
/// <param name="Id">The second tiebreaker; empty where the key is unique.</param>
public readonly record struct PageCursor(long SortValue, long Key, Guid Id = default);

/// <summary>A query for a page of operations.</summary>
/// <param name="Range">The range of end times.</param>
/// <param name="Filter">The operations to include.</param>
/// <param name="Order">The sort order.</param>
/// <param name="Limit">The maximum number of operations, at least 1; callers that serve users cap it at 1,000.</param>
/// <param name="After">The cursor to continue from, or <see langword="null"/> for the first page.</param>
public sealed record OperationQuery(TimeRange Range, OperationFilter Filter, OperationOrder Order, int Limit, PageCursor? After)
{
    /// <summary>
    /// The maximum number of operations that a page query examines. The limit does not apply to orders by start with filters on type, name, source and
    /// status, nor to orders by duration with a filter on type.
    /// </summary>
    public const int ScanBudget = 500_000;

    /// <summary>Whether the page is found without examining many more operations than it returns.</summary>
    public bool IsGuaranteed =>
        Filter.UsesSeriesOnly
        && (Order is OperationOrder.StartAscending or OperationOrder.StartDescending
            || (Filter.Series.Name is null && Filter.Series.Source is null && Filter.Series.Status is null));
}

/// <summary>A page of operations.</summary>
/// <param name="Items">The operations.</param>
/// <param name="Next">The cursor of the next page, or <see langword="null"/> at the end.</param>
/// <param name="IsIncomplete">
/// Whether the search stopped after examining <see cref="OperationQuery.ScanBudget"/> operations. The items are correct and in order,
/// but there may be fewer than requested (or none); <paramref name="Next"/> continues the search.
/// </param>
public sealed record OperationPage(IReadOnlyList<Operation> Items, PageCursor? Next, bool IsIncomplete = false);
