using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.Rollups;

/// <summary>
/// Computes the new row of a minute or an hour from the rows that hold it now. Reading and writing the rows is left to the database, so both databases store the same
/// figures. The rows given may include others; a row that is needed but missing counts as empty.
/// </summary>
/// <param name="directory">The names behind the numbers in a page.</param>
/// <param name="keyOf">The key of a delta's rollup; its names get their numbers here at the latest.</param>
internal sealed class RollupPageMerge(NameDirectory directory, Func<RollupDelta, PageKey> keyOf)
{
    /// <summary>Adds deltas of one minute or hour to what is stored.</summary>
    /// <exception cref="InvalidDataException">A stored row is damaged.</exception>
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

    /// <summary>Rebuilds a minute from the operations that ended in it, which may be among others; a damaged row is replaced.</summary>
    public RollupPageRow RebuildMinute(long minute, IEnumerable<Operation> operations, IEnumerable<RollupPageRow> rows) =>
        Replace(RollupResolution.Minute, minute, RollupRebuild.MinuteFromRows(minute, operations), rows);

    /// <summary>Rebuilds an hour from its minutes; a damaged row of the hour is replaced.</summary>
    /// <exception cref="InvalidDataException">A row of a minute is damaged.</exception>
    public RollupPageRow RebuildHour(long hour, IEnumerable<RollupPageRow> minutes, IEnumerable<RollupPageRow> rows) =>
        Replace(RollupResolution.Hour, hour, RollupRebuild.HourFromMinutes(hour, ReadDeltas(RollupPageRange.MinutesOf(hour), minutes)), rows);

    /// <summary>The minutes of an hour whose rows cannot be read.</summary>
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

        // An empty page is written as well: the row of the hour's minutes may still hold what was there.
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
        (OperationStatus)entry.Key.Outcome, entry.Rollup));

    private static IEnumerable<(long Bucket, PageKey Key, Rollup Rollup)> Read(RollupPageRange range, IEnumerable<RollupPageRow> rows)
    {
        var keys = new PageKeyNumbers();
        return RollupPageCollector.Read(rows, range, keys.NumberOf)
            .SelectMany(page => keys.RollupsOf(page.Value).Select(entry => (page.Key, entry.Key, entry.Value)));
    }

    private static RollupPageRow Row(RollupResolution resolution, long bucket, Dictionary<PageKey, Rollup> rollups) =>
        new() { Key = RollupPageKeys.Of(resolution, bucket), Data = RollupPageFormat.Write(rollups, PageDensity.Plain) };
}
