using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Journal;

/// <summary>A part of a range that is read from one kind of data.</summary>
/// <param name="Resolution">The rollup resolution to read, or <see langword="null"/> for rows.</param>
/// <param name="From">The first bucket; for rows, the first microsecond since 1970.</param>
/// <param name="To">The end, exclusive.</param>
internal readonly record struct RangePiece(RollupResolution? Resolution, long From, long To)
{
    /// <summary>The length of a minute in microseconds.</summary>
    public const long Minute = 60_000_000;

    /// <summary>Splits a range into whole hours in the middle, whole minutes around them, and the rest at the edges.</summary>
    public static IEnumerable<RangePiece> Of(AnsweredRange range, BucketGrid? grid)
    {
        long from = range.From.ToMicroseconds();
        long to = range.To.ToMicroseconds();
        long firstMinute = CeilingDivide(from, Minute);
        long lastMinute = RollupBuckets.FloorDivide(to, Minute);
        if (firstMinute >= lastMinute)
        {
            // A piece of rows must not span two minutes, so that it falls into one step.
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

    /// <summary>Integer division, rounded up.</summary>
    public static long CeilingDivide(long value, long by) => -RollupBuckets.FloorDivide(-value, by);
}
