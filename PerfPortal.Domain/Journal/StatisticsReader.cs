using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// Every figure that a page or an endpoint shows of ended operations comes from here: whole hours and minutes from rollups,
/// the partial minutes at the edges from the rows themselves.
/// </summary>
public sealed class StatisticsReader(IOperationReader reader, RollupBook rollups, RetentionHorizons horizons)
{
    /// <summary>The finest step of a grid.</summary>
    public static readonly TimeSpan FinestStep = TimeSpan.FromMinutes(1);

    private const string HourEdges = "hour";

    // Retention deletes in its own time; what it has not yet deleted may be answered.
    private static readonly TimeSpan PurgeDelay = TimeSpan.FromHours(2);

    /// <summary>Reads figures.</summary>
    /// <exception cref="ArgumentException">A grid's step is not whole minutes.</exception>
    public async Task<StatisticsAnswer> ReadAsync(StatisticsRequest request, CancellationToken cancellationToken)
    {
        if (request.Grid is { } grid && grid.Step.Ticks % FinestStep.Ticks != 0)
        {
            throw new ArgumentException($"A step of {grid.Step} is not whole minutes.", nameof(request));
        }

        var range = Snap(request.Range);
        var steps = Snap(request.Grid, range);
        var merge = new StatisticsMerge(request, steps, rollups.Series);
        foreach (var piece in Pieces(range, steps).Select(WithinReach).Where(piece => piece.From < piece.To))
        {
            if (piece.Resolution is { } resolution)
            {
                await ReadAsync(request, resolution, piece.From, piece.To, steps, merge, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                var within = new TimeRange(Microseconds.ToTime(piece.From), Microseconds.ToTime(piece.To));
                await reader.RollUpAsync(
                    within, request.Filter, request.WithFacts, (series, outcome, rollup) => merge.Add(within.From, series, outcome, rollup), cancellationToken).ConfigureAwait(false);
            }
        }

        return new(range, merge.ToGroups()) { Grid = steps };
    }

    /// <summary>Reads whole quarters of days by the quarter where the steps allow it.</summary>
    private async Task ReadAsync(
        StatisticsRequest request, RollupResolution resolution, long from, long to, BucketGrid? steps, StatisticsMerge merge, CancellationToken cancellationToken)
    {
        Task Read(long first, long last) => first < last
            ? rollups.ReadAsync(reader, resolution, first, last, request.Filter, (bucket, page) => merge.Add(resolution, bucket, page), merge.Add, cancellationToken)
            : Task.CompletedTask;
        long firstQuarter = CeilingDivide(from, PageAt.HoursOfQuarter);
        long lastQuarter = RollupBuckets.FloorDivide(to, PageAt.HoursOfQuarter);
        const long Quarter = PageAt.HoursOfQuarter * TimeSpan.TicksPerHour;
        bool fit = steps is null || (steps.Step.Ticks % Quarter == 0 && steps.Start(0).UtcTicks % Quarter == 0);
        if (resolution != RollupResolution.Hour || firstQuarter >= lastQuarter || !fit)
        {
            await Read(from, to).ConfigureAwait(false);
            return;
        }

        await Read(from, firstQuarter * PageAt.HoursOfQuarter).ConfigureAwait(false);
        await rollups.ReadQuartersAsync(
            reader, firstQuarter, lastQuarter, request.Filter, (hour, page) => merge.Add(resolution, hour, page), merge.Add, cancellationToken).ConfigureAwait(false);
        await Read(lastQuarter * PageAt.HoursOfQuarter, to).ConfigureAwait(false);
    }

    /// <summary>Steps finer than an hour mean nothing where only hours are kept.</summary>
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

    /// <summary>Buckets of which nothing can be kept are not looked for, however long the range that was asked for.</summary>
    private Piece WithinReach(Piece piece) => piece.Resolution is { } resolution
        ? piece with
        {
            From = Math.Max(piece.From, RollupBuckets.Of(resolution, horizons.OldestHour - PurgeDelay)),
            To = Math.Min(piece.To, RollupBuckets.Of(resolution, horizons.LatestEnd) + 1),
        }
        : piece;

    /// <summary>Splits a range into whole hours in the middle, whole minutes around them, and the rest at the edges.</summary>
    private static IEnumerable<Piece> Pieces(AnsweredRange range, BucketGrid? grid)
    {
        long from = range.From.ToMicroseconds();
        long to = range.To.ToMicroseconds();
        const long Minute = 60_000_000;
        long firstMinute = CeilingDivide(from, Minute);
        long lastMinute = RollupBuckets.FloorDivide(to, Minute);
        if (firstMinute >= lastMinute)
        {
            // A piece of rows never lies in two minutes, so that it lies in one step.
            long middle = Math.Min(to, firstMinute * Minute);
            yield return new(null, from, middle);
            yield return new(null, middle, to);
            yield break;
        }

        yield return new(null, from, firstMinute * Minute);
        bool hoursFit = grid is null || (grid.Step.Ticks % TimeSpan.TicksPerHour == 0 && grid.Start(0).UtcTicks % TimeSpan.TicksPerHour == 0);
        long firstHour = CeilingDivide(firstMinute, 60);
        long lastHour = RollupBuckets.FloorDivide(lastMinute, 60);
        if (hoursFit && firstHour < lastHour)
        {
            yield return new(RollupResolution.Minute, firstMinute, firstHour * 60);
            yield return new(RollupResolution.Hour, firstHour, lastHour);
            yield return new(RollupResolution.Minute, lastHour * 60, lastMinute);
        }
        else
        {
            yield return new(RollupResolution.Minute, firstMinute, lastMinute);
        }

        yield return new(null, lastMinute * Minute, to);
    }

    private static long CeilingDivide(long value, long by) => -RollupBuckets.FloorDivide(-value, by);

    private readonly record struct Piece(RollupResolution? Resolution, long From, long To);
}
