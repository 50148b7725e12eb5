using Microsoft.Data.Sqlite;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.Sqlite;

/// <summary>The table <c>rollup_pages</c>: a row holds all rollups of one minute or one hour. Used within the writer's transaction.</summary>
/// <param name="prepare">Makes a command of the writer's transaction from a text and its values.</param>
/// <param name="directory">The numbers of names.</param>
/// <param name="sourceOf">The number of a source, a new one when it has none.</param>
/// <param name="nameOf">The number of a name, a new one when it has none.</param>
internal sealed class SqliteRollupPages(
    Func<string, object?[], SqliteCommand> prepare, NameDirectory directory, Func<string, int> sourceOf, Func<string, int> nameOf)
{
    /// <summary>The key of a page's row: minutes and hours of the same time lie far apart, each in the order of time.</summary>
    public static long KeyOf(RollupResolution resolution, long bucket) => (bucket * 4) + (long)resolution;

    /// <summary>Adds rollups to what is stored of their minutes and hours.</summary>
    /// <exception cref="InvalidDataException">A stored page is damaged.</exception>
    public void Add(IEnumerable<RollupDelta> deltas)
    {
        foreach (var page in deltas.GroupBy(delta => (delta.Resolution, delta.Bucket)))
        {
            var stored = Read(page.Key.Resolution, page.Key.Bucket);
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
        var chosen = RollupRebuild.Choose(ReadIfSound(resolution, bucket) ?? [], made);
        if (chosen.Count == 0)
        {
            prepare("DELETE FROM rollup_pages WHERE key = $1", [KeyOf(resolution, bucket)]).ExecuteNonQuery();
            return;
        }

        Write(resolution, bucket, chosen.ToDictionary(KeyOf, delta => delta.Rollup));
    }

    /// <summary>The rollups of an hour's minutes.</summary>
    /// <exception cref="InvalidDataException">A stored page is damaged.</exception>
    public IEnumerable<RollupDelta> ReadMinutes(long hour)
    {
        for (long minute = hour * 60; minute < (hour + 1) * 60; minute++)
        {
            foreach (var delta in ReadDeltas(RollupResolution.Minute, minute))
            {
                yield return delta;
            }
        }
    }

    /// <summary>The minutes of an hour whose pages cannot be read.</summary>
    public IReadOnlyList<long> DamagedMinutes(long hour) =>
        [.. Enumerable.Range(0, 60).Select(i => (hour * 60) + i).Where(minute => ReadIfSound(RollupResolution.Minute, minute) is null)];

    private List<RollupDelta>? ReadIfSound(RollupResolution resolution, long bucket)
    {
        try
        {
            return [.. ReadDeltas(resolution, bucket)];
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private IEnumerable<RollupDelta> ReadDeltas(RollupResolution resolution, long bucket) => Read(resolution, bucket).Select(entry => new RollupDelta(
        resolution, bucket,
        new((MetricType)entry.Key.Kind, directory.Sources.NameOf(entry.Key.Source), directory.Names.NameOf(entry.Key.Name)),
        (OperationStatus)entry.Key.Outcome, entry.Value));

    private Dictionary<PageKey, Rollup> Read(RollupResolution resolution, long bucket)
    {
        if (prepare("SELECT data FROM rollup_pages WHERE key = $1", [KeyOf(resolution, bucket)]).ExecuteScalar() is not byte[] data)
        {
            return [];
        }

        var keys = new List<PageKey>();
        var page = RollupPageFormat.Read(data, key =>
        {
            keys.Add(key);
            return keys.Count - 1;
        });
        return page.ToRollups().ToDictionary(entry => keys[entry.Series], entry => entry.Rollup);
    }

    private void Write(RollupResolution resolution, long bucket, Dictionary<PageKey, Rollup> rollups) => prepare(
        "INSERT INTO rollup_pages (key, data) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET data = excluded.data",
        [KeyOf(resolution, bucket), RollupPageFormat.Write(rollups, PageDensity.Plain)]).ExecuteNonQuery();

    private PageKey KeyOf(RollupDelta delta) =>
        new((byte)delta.Series.MetricType, sourceOf(delta.Series.Source), nameOf(delta.Series.Name), (byte)delta.Outcome);
}
