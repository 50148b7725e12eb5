using System.Runtime.InteropServices;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>What was stored of operations, for reading. Safe for use by many at once.</summary>
public interface IOperationReader
{
    /// <summary>The ended operation of this id, or <see langword="null"/>.</summary>
    ValueTask<Operation?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// The ended operation of this id that started at this time, or <see langword="null"/>. For a report that comes again: of an id that nobody knows, which is
    /// nearly every new one, <see cref="FindAsync(Guid, CancellationToken)"/> may have to look at everything that is stored.
    /// </summary>
    /// <param name="id">The id.</param>
    /// <param name="start">When it started. An operation of this id with another start may be found, or not.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    ValueTask<Operation?> FindAsync(Guid id, DateTimeOffset start, CancellationToken cancellationToken) => FindAsync(id, cancellationToken);

    /// <summary>The operations that were running when they were last stored.</summary>
    ValueTask<IReadOnlyList<Operation>> ReadRunningAsync(CancellationToken cancellationToken);

    /// <summary>One page of ended operations.</summary>
    ValueTask<OperationPage> ReadPageAsync(OperationQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Walks the ended operations of a range, latest end first, until <paramref name="each"/> answers <see langword="false"/>.
    /// </summary>
    ValueTask ScanAsync(TimeRange range, OperationFilter filter, Func<Operation, bool> each, CancellationToken cancellationToken);

    /// <summary>As <see cref="ScanAsync"/>, but what an operation brought along (metadata, events, resource usage) may be missing: most of the cost of one.</summary>
    ValueTask ScanOutlinesAsync(TimeRange range, OperationFilter filter, Func<Operation, bool> each, CancellationToken cancellationToken) =>
        ScanAsync(range, filter, each, cancellationToken);

    /// <summary>
    /// Walks when the ended operations of a range ended, how long they took and how they came out, in no order: what figures need, without the operations themselves.
    /// </summary>
    /// <param name="range">The range over ends.</param>
    /// <param name="filter">Which operations.</param>
    /// <param name="max">How many may be looked at.</param>
    /// <param name="each">Takes each that passes.</param>
    /// <param name="cancellationToken">Stops the walk.</param>
    /// <returns>Whether that was all; <see langword="false"/> when it was broken off at <paramref name="max"/>.</returns>
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
    /// What the ended operations of a range add to the rollups of their series and outcomes. Every operation of the range is looked at: meant for
    /// ranges shorter than a stored rollup's.
    /// </summary>
    /// <param name="range">The range over ends.</param>
    /// <param name="filter">Which operations.</param>
    /// <param name="withFacts">Whether the numbers of their metadata are wanted too, which cost more than all else.</param>
    /// <param name="each">Takes the rollup of a series and outcome, which nobody else holds; each at most once, in no order.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
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
    /// Whether an ended operation of the portal's store may have its end in a range: <see langword="false"/> only when it is certain, and known at once, that none
    /// that is stored has.
    /// </summary>
    bool MayHaveEnded(TimeRange range) => true;

    /// <summary>Whether other processes write to the same store, so that what was read is soon out of date.</summary>
    bool IsShared => false;

    /// <summary>
    /// Reads the pages of stored rollups of buckets in [<paramref name="from"/>, <paramref name="to"/>) in order, the portal's own series among them;
    /// buckets without any are passed over. A call sees the store as of one moment.
    /// </summary>
    /// <param name="resolution">Minutes or hours.</param>
    /// <param name="from">The first bucket.</param>
    /// <param name="to">Behind the last bucket.</param>
    /// <param name="series">Gives the numbers by which pages name series.</param>
    /// <param name="each">Takes a bucket and its page.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    ValueTask ReadRollupsAsync(
        RollupResolution resolution, long from, long to, SeriesIndex series, Action<long, RollupPage> each, CancellationToken cancellationToken);

    /// <summary>Every source that ever reported, in order; the portal itself is not among them.</summary>
    IReadOnlyList<string> ReadSources();
}

/// <summary>What figures need of an ended operation.</summary>
/// <param name="End">When it ended.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="Status">How it came out.</param>
public readonly record struct OperationMark(DateTimeOffset End, TimeSpan Duration, OperationStatus Status);

/// <summary>Which operations are asked for: a series filter, and what needs the rows themselves.</summary>
public sealed record OperationFilter
{
    /// <summary>Type, name, source and outcome.</summary>
    public SeriesFilter Series { get; init; } = SeriesFilter.Everyone;

    /// <summary>The shortest duration, inclusive.</summary>
    public TimeSpan? MinDuration { get; init; }

    /// <summary>The longest duration, inclusive.</summary>
    public TimeSpan? MaxDuration { get; init; }

    /// <summary>A text that the name, the error type or the error message contains, ignoring case.</summary>
    public string? Text { get; init; }

    /// <summary>Whether rollups alone can answer for this filter.</summary>
    public bool IsOverSeriesOnly => MinDuration is null && MaxDuration is null && string.IsNullOrEmpty(Text);
}

/// <summary>The orders that a page of operations can have.</summary>
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

/// <summary>Where a page goes on: after the operation with this sort value, key and id.</summary>
/// <param name="SortValue">The start or the duration of the last operation, in microseconds.</param>
/// <param name="Key">What orders equals: the store's own key, or the end in microseconds.</param>
/// <param name="Id">What orders those that are equal in both; empty where the key is unique.</param>
public readonly record struct PageCursor(long SortValue, long Key, Guid Id = default);

/// <summary>A page of operations that is asked for.</summary>
/// <param name="Range">The range over ends.</param>
/// <param name="Filter">Which operations.</param>
/// <param name="Order">In which order.</param>
/// <param name="Limit">How many at most, at least 1; whoever answers a person keeps it to 1,000.</param>
/// <param name="After">Where to go on, or <see langword="null"/> for the first page.</param>
public sealed record OperationQuery(TimeRange Range, OperationFilter Filter, OperationOrder Order, int Limit, PageCursor? After)
{
    /// <summary>
    /// Operations that a page looks at before it breaks off. Not bound by it are the orders by start with filters over type, name, source and
    /// status, and those by duration with a filter over type.
    /// </summary>
    public const int ScanBudget = 500_000;

    /// <summary>Whether the page is found without looking at many more operations than it shows.</summary>
    public bool IsGuaranteed =>
        Filter.IsOverSeriesOnly
        && (Order is OperationOrder.StartAscending or OperationOrder.StartDescending
            || (Filter.Series.Name is null && Filter.Series.Source is null && Filter.Series.Status is null));
}

/// <summary>A page of operations.</summary>
/// <param name="Items">The operations.</param>
/// <param name="Next">Where the next page goes on, or <see langword="null"/> at the end.</param>
/// <param name="IsIncomplete">
/// Whether the search was broken off because it had looked at <see cref="OperationQuery.ScanBudget"/> operations: what is here is right and in order,
/// it may be fewer than asked for (or none), and <paramref name="Next"/> goes on.
/// </param>
public sealed record OperationPage(IReadOnlyList<Operation> Items, PageCursor? Next, bool IsIncomplete = false);
