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

    /// <summary>Reads figures.</summary>
    /// <exception cref="ArgumentException">A grid's step is not whole minutes.</exception>
    public async Task<StatisticsAnswer> ReadAsync(StatisticsRequest request, CancellationToken cancellationToken)
    {
        if (request.Grid is { } grid && grid.Step.Ticks % FinestStep.Ticks != 0)
        {
            throw new ArgumentException($"A step of {grid.Step} is not whole minutes.", nameof(request));
        }

        var range = Snap(request.Range);
        var groups = new Dictionary<StatisticsGroup, StatisticsBuilder>();

        void Add(DateTimeOffset time, SeriesKey series, OperationStatus outcome, Rollup rollup)
        {
            var group = GroupOf(request, time, series);
            if (!groups.TryGetValue(group, out var builder))
            {
                groups.Add(group, builder = new());
            }

            builder.Add(outcome.ToOutcome(), rollup);
        }

        foreach (var piece in Pieces(range, request.Grid).Where(piece => piece.From < piece.To))
        {
            if (piece.Resolution is { } resolution)
            {
                await rollups.ReadAsync(
                    reader, resolution, piece.From, piece.To, request.Filter,
                    delta => Add(RollupBuckets.Start(resolution, delta.Bucket), delta.Series, delta.Outcome, delta.Rollup),
                    cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await reader.ScanAsync(
                    new(Microseconds.ToTime(piece.From), Microseconds.ToTime(piece.To)), new() { Series = request.Filter },
                    operation =>
                    {
                        var rollup = new Rollup();
                        OperationFigures.AddTo(rollup, operation);
                        Add(operation.EndTime!.Value, new(operation.MetricType, operation.Source, operation.Name), operation.Status, rollup);
                        return true;
                    },
                    cancellationToken).ConfigureAwait(false);
            }
        }

        return new(range, groups);
    }

    private static StatisticsGroup GroupOf(StatisticsRequest request, DateTimeOffset time, SeriesKey series) => new(
        request.Grid?.IndexOf(time) ?? 0,
        request.Grouping.HasFlag(StatisticsGrouping.MetricType) ? series.MetricType : null,
        request.Grouping.HasFlag(StatisticsGrouping.Name) ? series.Name : null,
        request.Grouping.HasFlag(StatisticsGrouping.Source) ? series.Source : null);

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

        return new(from, to, resolution == RollupResolution.Hour ? "hour" : "minute");
    }

    /// <summary>Splits a range into whole hours in the middle, whole minutes around them, and the rest at the edges.</summary>
    private static IEnumerable<Piece> Pieces(AnsweredRange range, BucketGrid? grid)
    {
        long from = range.From.ToMicroseconds();
        long to = range.To.ToMicroseconds();
        const long Minute = 60_000_000;
        long firstMinute = CeilingDivide(from, Minute);
        long lastMinute = FloorDivide(to, Minute);
        if (firstMinute >= lastMinute)
        {
            yield return new(null, from, to);
            yield break;
        }

        yield return new(null, from, firstMinute * Minute);
        bool hoursFit = grid is null || (grid.Step.Ticks % TimeSpan.TicksPerHour == 0 && grid.Start(0).UtcTicks % TimeSpan.TicksPerHour == 0);
        long firstHour = CeilingDivide(firstMinute, 60);
        long lastHour = FloorDivide(lastMinute, 60);
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

    private static long FloorDivide(long value, long by) => (long)Math.Floor((decimal)value / by);

    private static long CeilingDivide(long value, long by) => (long)Math.Ceiling((decimal)value / by);

    private readonly record struct Piece(RollupResolution? Resolution, long From, long To);
}
