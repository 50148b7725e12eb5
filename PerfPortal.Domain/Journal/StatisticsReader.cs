using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// The single source of all figures on ended operations that pages and endpoints show. Whole hours and minutes come from rollups, the partial minutes
/// at the edges from rows. The last minute is read from its rollup too when no operation ended in the rest of it.
/// </summary>
public sealed class StatisticsReader(IOperationReader reader, RollupBuffer rollups, RetentionHorizons horizons)
{
    /// <summary>The minimum step of a grid.</summary>
    public static readonly TimeSpan FinestStep = TimeSpan.FromMinutes(1);

    private const string HourEdges = "hour";

    // Rollups of older minutes no longer contain exact durations; rows do.
    private static readonly TimeSpan StillExact = TimeSpan.FromHours(2);

    // Retention runs with a delay; data that it has not deleted yet may be returned.
    private static readonly TimeSpan PurgeDelay = TimeSpan.FromHours(2);

    /// <summary>Returns the figures of a request.</summary>
    /// <exception cref="ArgumentException">The grid's step is not a multiple of a minute.</exception>
    public async Task<StatisticsAnswer> ReadAsync(StatisticsRequest request, CancellationToken cancellationToken)
    {
        if (request.Grid is { } grid && grid.Step.Ticks % FinestStep.Ticks != 0)
        {
            throw new ArgumentException($"A step of {grid.Step} is not a multiple of a minute.", nameof(request));
        }

        var range = Snap(request.Range);
        var steps = Snap(request.Grid, range);
        var merge = new StatisticsMerge(request, steps, rollups.Series);
        foreach (var piece in RangePiece.Of(range, steps).Select(WithinReach).Where(piece => piece.From < piece.To))
        {
            if (piece.Resolution is { } resolution)
            {
                await ReadAsync(request, resolution, piece.From, piece.To, steps, merge, cancellationToken).ConfigureAwait(false);
            }
            else if (!await TryReadLastMinuteAsync(request, piece, merge, cancellationToken).ConfigureAwait(false))
            {
                var within = new TimeRange(Microseconds.ToTime(piece.From), Microseconds.ToTime(piece.To));
                await reader.RollUpAsync(
                    within, request.Filter, request.WithFacts, (series, outcome, rollup) => merge.Add(within.From, series, outcome, rollup), cancellationToken).ConfigureAwait(false);
            }
        }

        return new(range, merge.ToGroups()) { Grid = steps };
    }

    /// <summary>
    /// A range that ends now usually ends within a minute that contains no later operations. The rollup of that minute then equals the sum of its rows and
    /// is cheaper to read, however many blocks the rows are in.
    /// </summary>
    private async Task<bool> TryReadLastMinuteAsync(StatisticsRequest request, RangePiece piece, StatisticsMerge merge, CancellationToken cancellationToken)
    {
        long minute = RollupBuckets.FloorDivide(piece.From, RangePiece.Minute);
        var rest = new TimeRange(Microseconds.ToTime(piece.To), Microseconds.ToTime((minute + 1) * RangePiece.Minute));
        if (piece.From != minute * RangePiece.Minute || rest.To < horizons.LatestEnd - StillExact || reader.MayHaveEnded(rest))
        {
            return false;
        }

        var pages = new List<RollupPage>();
        var pending = new List<RollupDelta>();
        await rollups.ReadAsync(
            reader, RollupResolution.Minute, minute, minute + 1, request.Filter, (_, page) => pages.Add(page), pending.Add, cancellationToken).ConfigureAwait(false);

        // Operations are stored before they are added to rollups, so this detects operations of the rest of the minute that the rollup may contain by now.
        if (reader.MayHaveEnded(rest))
        {
            return false;
        }

        pages.ForEach(page => merge.Add(RollupResolution.Minute, minute, page));
        pending.ForEach(merge.Add);
        return true;
    }

    /// <summary>Uses the cached sum of the pages if there is one.</summary>
    private async Task ReadAsync(
        StatisticsRequest request, RollupResolution resolution, long from, long to, BucketGrid? steps, StatisticsMerge merge, CancellationToken cancellationToken)
    {
        if (steps is not null)
        {
            await ReadPagesAsync(request, resolution, from, to, merge, merge.Add, cancellationToken).ConfigureAwait(false);
            return;
        }

        var sum = new SumOf(resolution, from, to, request.Filter, request.Grouping, request.WithFacts);
        var pending = new List<RollupDelta>();
        var figures = rollups.FindSum(sum, pending);
        if (figures is null)
        {
            long version = rollups.Version;
            var pages = new StatisticsMerge(request, null, rollups.Series);
            await ReadPagesAsync(request, resolution, from, to, pages, pending.Add, cancellationToken).ConfigureAwait(false);
            figures = pages.ToGroups();
            rollups.CacheSum(sum, figures, version, pending);
        }

        merge.Add(figures);
        foreach (var delta in pending)
        {
            merge.Add(delta);
        }
    }

    private Task ReadPagesAsync(
        StatisticsRequest request, RollupResolution resolution, long from, long to, StatisticsMerge merge, Action<RollupDelta> pending, CancellationToken cancellationToken) =>
        rollups.ReadAsync(reader, resolution, from, to, request.Filter, (bucket, page) => merge.Add(resolution, bucket, page), pending, cancellationToken);

    /// <summary>Widens steps to hours where only hour rollups are kept.</summary>
    private static BucketGrid? Snap(BucketGrid? grid, AnsweredRange range) =>
        grid is not null && range.Resolution == HourEdges && grid.Step.Ticks % TimeSpan.TicksPerHour != 0 && range.From < range.To
            ? BucketGrid.Over(range.Range, grid.Count, TimeSpan.FromHours(1))
            : grid;

    private AnsweredRange Snap(TimeRange range)
    {
        var (rows, minutes) = (horizons.OldestRow, horizons.OldestMinute);
        var unit = range.From < minutes ? RollupResolution.Hour : range.From < rows ? RollupResolution.Minute : (RollupResolution?)null;
        if (unit is not { } resolution)
        {
            return new(range.From, range.To, "exact");
        }

        var from = RollupBuckets.Start(resolution, RollupBuckets.Of(resolution, range.From));
        var to = range.To;
        if (to < rows)
        {
            var edge = to < minutes ? RollupResolution.Hour : RollupResolution.Minute;
            long bucket = RollupBuckets.Of(edge, to);
            var start = RollupBuckets.Start(edge, bucket);
            to = start == to ? to : RollupBuckets.Start(edge, bucket + 1);
        }

        return new(from, to, resolution == RollupResolution.Hour ? HourEdges : "minute");
    }

    /// <summary>Limits a piece to the buckets that retention can have kept, however long the requested range is.</summary>
    private RangePiece WithinReach(RangePiece piece) => piece.Resolution is { } resolution
        ? piece with
        {
            From = Math.Max(piece.From, RollupBuckets.Of(resolution, horizons.OldestHour - PurgeDelay)),
            To = Math.Min(piece.To, RollupBuckets.Of(resolution, horizons.LatestEnd) + 1),
        }
        : piece;
}
