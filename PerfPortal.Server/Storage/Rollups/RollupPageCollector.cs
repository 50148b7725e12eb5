using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.Rollups;

/// <summary>Builds the pages of a range of minutes or hours from the rows that hold them, which come in any order.</summary>
/// <param name="range">The range; rows outside of it are skipped.</param>
/// <param name="seriesOf">The number that a key becomes.</param>
internal sealed class RollupPageCollector(RollupPageRange range, Func<PageKey, int> seriesOf)
{
    private readonly SortedDictionary<long, RollupPage> _pages = [];
    private readonly List<RollupPageRow> _hours = [];

    /// <summary>Reads all rows at once.</summary>
    /// <exception cref="InvalidDataException">A row of the range is damaged.</exception>
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
    /// <exception cref="InvalidDataException">The row is damaged.</exception>
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
            // A minute's own row takes precedence, so these wait until all of them are known.
            _hours.Add(row);
        }
    }

    /// <summary>A page for each bucket that has one, empty ones included, in order. Call it once, after the last row.</summary>
    /// <exception cref="InvalidDataException">A row that is needed is damaged.</exception>
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
