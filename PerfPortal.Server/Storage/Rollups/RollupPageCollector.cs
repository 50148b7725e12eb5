using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.Rollups;

/// <summary>Builds the pages of a range of minutes or hours from their rows, which may arrive in any order.</summary>
/// <param name="range">The range; rows outside it are ignored.</param>
/// <param name="seriesOf">Maps a key to a series number.</param>
internal sealed class RollupPageCollector(RollupPageRange range, Func<PageKey, int> seriesOf)
{
    private readonly SortedDictionary<long, RollupPage> _pages = [];
    private readonly List<RollupPageRow> _hours = [];

    /// <summary>Reads all rows.</summary>
    /// <exception cref="InvalidDataException">A row of the range is corrupt.</exception>
    public static SortedDictionary<long, RollupPage> Read(IEnumerable<RollupPageRow> rows, RollupPageRange range, Func<PageKey, int> seriesOf)
    {
        var pages = new RollupPageCollector(range, seriesOf);
        foreach (var row in rows)
        {
            pages.Add(row);
        }

        return pages.Build();
    }

    /// <summary>Adds a row.</summary>
    /// <exception cref="InvalidDataException">The row is corrupt.</exception>
    public void Add(RollupPageRow row)
    {
        var kind = RollupPageKeys.KindOf(row.Key);
        long bucket = RollupPageKeys.BucketOf(row.Key);
        if (kind == range.Resolution && range.Contains(bucket))
        {
            _pages.Add(bucket, RollupPageFormat.Read(row.Data, seriesOf));
        }
        else if (kind == RollupPageKeys.MinutesOfHour && range.Resolution == RollupResolution.Minute)
        {
            // A minute's own row takes precedence, so these are processed after all rows are known.
            _hours.Add(row);
        }
    }

    /// <summary>Returns a page for each stored bucket, including empty pages, in order. Call once, after the last row.</summary>
    /// <exception cref="InvalidDataException">A required row is corrupt.</exception>
    public SortedDictionary<long, RollupPage> Build()
    {
        foreach (var row in _hours)
        {
            AddMinutes(RollupPageKeys.BucketOf(row.Key) * RollupPageKeys.Minutes, row.Data);
        }

        return _pages;
    }

    private void AddMinutes(long first, byte[] data)
    {
        var needed = Enumerable.Range(0, RollupPageKeys.Minutes).Where(minute => range.Contains(first + minute) && !_pages.ContainsKey(first + minute)).ToHashSet();
        if (needed.Count == 0)
        {
            return;
        }

        foreach (var (minute, page) in MinutesOfHourFormat.Read(data, needed.Contains, seriesOf))
        {
            _pages.Add(first + minute, page);
        }
    }
}
