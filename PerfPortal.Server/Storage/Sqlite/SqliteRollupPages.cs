using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The table <c>rollup_pages</c> as it is written: a minute or an hour gets a row of its own. Used within the writer's transaction.</summary>
/// <param name="prepare">Makes a command of the writer's transaction from a text and its values.</param>
/// <param name="directory">The numbers of names.</param>
/// <param name="sourceOf">The number of a source, a new one when it has none.</param>
/// <param name="nameOf">The number of a name, a new one when it has none.</param>
internal sealed class SqliteRollupPages(
    Func<string, object?[], SqliteCommand> prepare, NameDirectory directory, Func<string, int> sourceOf, Func<string, int> nameOf)
{
    private const int Minutes = 60;

    /// <summary>Adds rollups to what is stored of their minutes and hours.</summary>
    /// <exception cref="InvalidDataException">A stored page is damaged.</exception>
    public void Add(IEnumerable<RollupDelta> deltas)
    {
        foreach (var page in deltas.GroupBy(delta => (delta.Resolution, delta.Bucket)))
        {
            var stored = Read(page.Key.Resolution, page.Key.Bucket, page.Key.Bucket + 1).ToDictionary(entry => entry.Key, entry => entry.Rollup);
            foreach (var delta in page)
            {
                var key = KeyOf(delta);
                if (stored.TryGetValue(key, out var rollup))
                {
                    rollup.Merge(delta.Rollup);
                }
                else
                {
                    stored.Add(key, delta.Rollup.Clone());
                }
            }

            Write(page.Key.Resolution, page.Key.Bucket, stored);
        }
    }

    /// <summary>Puts rollups of one minute or hour in the place of those stored, save of types of which more is stored: then rows or minutes of theirs are gone.</summary>
    public void Replace(RollupResolution resolution, long bucket, IReadOnlyCollection<RollupDelta> made)
    {
        var chosen = RollupRebuild.Choose(ReadIfSound(resolution, bucket, bucket + 1) ?? [], made);

        // An empty page is written, too: the row of the hour's minutes may still say what was there.
        Write(resolution, bucket, chosen.ToDictionary(KeyOf, delta => delta.Rollup));
    }

    /// <summary>The rollups of an hour's minutes.</summary>
    /// <exception cref="InvalidDataException">A stored page is damaged.</exception>
    public IEnumerable<RollupDelta> ReadMinutes(long hour) => ReadDeltas(RollupResolution.Minute, hour * Minutes, (hour + 1) * Minutes);

    /// <summary>The minutes of an hour whose pages cannot be read.</summary>
    public IReadOnlyList<long> DamagedMinutes(long hour) => ReadIfSound(RollupResolution.Minute, hour * Minutes, (hour + 1) * Minutes) is not null
        ? []
        : [.. Enumerable.Range(0, Minutes).Select(i => (hour * Minutes) + i).Where(minute => ReadIfSound(RollupResolution.Minute, minute, minute + 1) is null)];

    private List<RollupDelta>? ReadIfSound(RollupResolution resolution, long from, long to)
    {
        try
        {
            return [.. ReadDeltas(resolution, from, to)];
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private IEnumerable<RollupDelta> ReadDeltas(RollupResolution resolution, long from, long to) => Read(resolution, from, to).Select(entry => new RollupDelta(
        resolution, entry.Bucket,
        new((MetricType)entry.Key.Kind, directory.Sources.NameOf(entry.Key.Source), directory.Names.NameOf(entry.Key.Name)),
        (OperationStatus)entry.Key.Outcome, entry.Rollup));

    private IEnumerable<(long Bucket, PageKey Key, Rollup Rollup)> Read(RollupResolution resolution, long from, long to)
    {
        var keys = new PageKeyNumbers();
        var select = prepare(SqliteRollupRows.Select, SqliteRollupRows.Range(resolution, from, to));
        return SqliteRollupRows.Read(select, from, to, keys.NumberOf, CancellationToken.None)
            .SelectMany(page => keys.RollupsOf(page.Value).Select(entry => (page.Key, entry.Key, entry.Value)));
    }

    private void Write(RollupResolution resolution, long bucket, Dictionary<PageKey, Rollup> rollups) => prepare(
        "INSERT INTO rollup_pages (key, data) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET data = excluded.data",
        [SqliteRollupRows.KeyOf(resolution, bucket), RollupPageFormat.Write(rollups, PageDensity.Plain)]).ExecuteNonQuery();

    private PageKey KeyOf(RollupDelta delta) =>
        new((byte)delta.Series.MetricType, sourceOf(delta.Series.Source), nameOf(delta.Series.Name), (byte)delta.Outcome);
}
