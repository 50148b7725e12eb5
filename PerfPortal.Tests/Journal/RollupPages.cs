using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Tests.Journal;

/// <summary>Makes pages of rollups that are stored one by one, and rollups of pages.</summary>
internal static class RollupPages
{
    /// <summary>A page for each bucket, in order. Rollups of one bucket, series and outcome must be there once only.</summary>
    public static IEnumerable<(long Bucket, RollupPage Page)> Of(IEnumerable<RollupDelta> rollups, SeriesIndex series) => rollups
        .GroupBy(rollup => rollup.Bucket)
        .OrderBy(bucket => bucket.Key)
        .Select(bucket => (bucket.Key, RollupPage.Of([.. bucket.Select(rollup => (series.Of(rollup.Series), (byte)rollup.Outcome, rollup.Rollup))])));

    /// <summary>The rollups of a page, one by one.</summary>
    /// <exception cref="InvalidDataException">The facts of the page are damaged.</exception>
    public static IEnumerable<RollupDelta> ToDeltas(RollupResolution resolution, long bucket, RollupPage page, SeriesIndex series) => page.ToRollups()
        .Select(entry => new RollupDelta(resolution, bucket, series[entry.Series], (OperationStatus)entry.Outcome, entry.Rollup));
}
