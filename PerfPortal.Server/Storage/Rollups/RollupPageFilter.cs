using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.Rollups;

/// <summary>Takes the rollups of one source out of pages, and notes which names the others carry. The figures of the others do not change.</summary>
/// <param name="source">The id of the source.</param>
internal sealed class RollupPageFilter(int source)
{
    /// <summary>The ids of the names that the rollups of other sources carry.</summary>
    public HashSet<int> Names { get; } = [];

    /// <summary>Whether a page was corrupt, so that some names may be missing.</summary>
    public bool HasUnreadable { get; private set; }

    /// <summary>Takes the source out of a page.</summary>
    /// <param name="row">The row of a minute or an hour, or of the minutes of an hour.</param>
    /// <param name="data">The new data, empty if no rollup is left. Not set if nothing changes.</param>
    /// <returns>Whether the page contains the source. A corrupt one is left alone.</returns>
    public bool TryTakeOut(RollupPageRow row, out byte[] data)
    {
        data = [];
        try
        {
            var keys = new PageKeyNumbers();
            var pages = RollupPageKeys.KindOf(row.Key) == RollupPageKeys.MinutesOfHour
                ? MinutesOfHourFormat.Read(row.Data, _ => true, keys.NumberOf)
                : [(0, RollupPageFormat.Read(row.Data, keys.NumberOf))];
            Names.UnionWith(keys.Keys.Where(key => key.Source != source).Select(key => key.Name));
            int others = keys.Keys.Count(key => key.Source != source);
            if (others == keys.Keys.Count)
            {
                return false;
            }

            if (others > 0)
            {
                data = Write(row, pages.SelectMany(page => keys.RollupsOf(page.Page).Where(entry => entry.Key.Source != source).Select(entry => (page.Minute, entry.Key, entry.Value))));
            }

            return true;
        }
        catch (InvalidDataException)
        {
            HasUnreadable = true;
            return false;
        }
    }

    private static byte[] Write(RollupPageRow row, IEnumerable<(int Minute, PageKey Key, Rollup Rollup)> rollups) =>
        RollupPageKeys.KindOf(row.Key) == RollupPageKeys.MinutesOfHour
            ? MinutesOfHourFormat.Write(rollups)
            : RollupPageFormat.Write(
                rollups.Select(entry => KeyValuePair.Create(entry.Key, entry.Rollup)), RollupPageFormat.IsPacked(row.Data) ? PageDensity.Packed : PageDensity.Plain);
}
