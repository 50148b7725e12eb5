using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.Rollups;

/// <summary>
/// Computes the new row of a minute or an hour from its current rows. Reading and writing rows is left to the database, so both databases store identical
/// values. The input may include unrelated rows; a missing row counts as empty.
/// </summary>
/// <param name="directory">The names for the ids in a page.</param>
/// <param name="keyOf">Returns the page key of a delta, assigning ids to its names if needed.</param>
internal sealed class RollupPageMerge(NameDirectory directory, Func<RollupDelta, PageKey> keyOf)
{
    /// <summary>Adds deltas of one minute or hour to the stored rollups.</summary>
    /// <exception cref="InvalidDataException">A stored row is corrupt.</exception>
    public RollupPageRow Add(RollupResolution resolution, long bucket, IEnumerable<RollupDelta> deltas, IEnumerable<RollupPageRow> rows)
    {
        var rollups = Read(RollupPageRange.Of(resolution, bucket), rows).ToDictionary(entry => entry.Key, entry => entry.Rollup);
        foreach (var delta in deltas)
        {
            var key = keyOf(delta);
            if (rollups.TryGetValue(key, out var rollup))
            {
                rollup.Merge(delta.Rollup);
            }
            else
            {
                rollups.Add(key, delta.Rollup.Clone());
            }
        }

        return Row(resolution, bucket, rollups);
    }

    /// <summary>Rebuilds a minute from the operations that ended in it; other operations are ignored. A corrupt row is replaced.</summary>
    public RollupPageRow RebuildMinute(long minute, IEnumerable<Operation> operations, IEnumerable<RollupPageRow> rows) =>
        RebuildMinute(minute, RollupRebuild.MinuteFromRows(minute, operations), rows);

    /// <summary>Rebuilds a minute from the rollups of all operations that ended in it. A corrupt row is replaced.</summary>
    public RollupPageRow RebuildMinute(long minute, IReadOnlyCollection<RollupDelta> made, IEnumerable<RollupPageRow> rows) =>
        Replace(RollupResolution.Minute, minute, made, rows);

    /// <summary>Rebuilds an hour from its minutes. A corrupt row of the hour is replaced.</summary>
    /// <exception cref="InvalidDataException">The row of a minute is corrupt.</exception>
    public RollupPageRow RebuildHour(long hour, IEnumerable<RollupPageRow> minutes, IEnumerable<RollupPageRow> rows) =>
        Replace(RollupResolution.Hour, hour, RollupRebuild.HourFromMinutes(hour, ReadDeltas(RollupPageRange.MinutesOf(hour), minutes)), rows);

    /// <summary>Returns the minutes of an hour whose rows are corrupt.</summary>
    public IReadOnlyList<long> DamagedMinutes(long hour, IReadOnlyCollection<RollupPageRow> rows)
    {
        var minutes = RollupPageRange.MinutesOf(hour);
        return ReadIfSound(minutes, rows) is not null
            ? []
            : [.. Enumerable.Range(0, RollupPageKeys.Minutes).Select(i => minutes.From + i).Where(minute => ReadIfSound(RollupPageRange.Of(RollupResolution.Minute, minute), rows) is null)];
    }

    private RollupPageRow Replace(RollupResolution resolution, long bucket, IReadOnlyCollection<RollupDelta> made, IEnumerable<RollupPageRow> rows)
    {
        var chosen = RollupRebuild.Choose(ReadIfSound(RollupPageRange.Of(resolution, bucket), rows) ?? [], made);

        // An empty page is written as well, because the merged row of the hour may still contain old data for the minute.
        return Row(resolution, bucket, chosen.ToDictionary(keyOf, delta => delta.Rollup));
    }

    private List<RollupDelta>? ReadIfSound(RollupPageRange range, IEnumerable<RollupPageRow> rows)
    {
        try
        {
            return [.. ReadDeltas(range, rows)];
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private IEnumerable<RollupDelta> ReadDeltas(RollupPageRange range, IEnumerable<RollupPageRow> rows) => Read(range, rows).Select(entry => new RollupDelta(
        range.Resolution, entry.Bucket,
        new((MetricType)entry.Key.Kind, directory.Sources.NameOf(entry.Key.Source), directory.Names.NameOf(entry.Key.Name)),
        (OperationStatus)entry.Key.Outcome, entry.Rollup)).Where(delta => !RemovedSource.Is(delta.Series.Source));

    private static IEnumerable<(long Bucket, PageKey Key, Rollup Rollup)> Read(RollupPageRange range, IEnumerable<RollupPageRow> rows)
    {
        var keys = new PageKeyNumbers();
        return RollupPageCollector.Read(rows, range, keys.NumberOf)
            .SelectMany(page => keys.RollupsOf(page.Value).Select(entry => (page.Key, entry.Key, entry.Value)));
    }

    private static RollupPageRow Row(RollupResolution resolution, long bucket, Dictionary<PageKey, Rollup> rollups) =>
        new() { Key = RollupPageKeys.Of(resolution, bucket), Data = RollupPageFormat.Write(rollups, PageDensity.Plain) };
}
