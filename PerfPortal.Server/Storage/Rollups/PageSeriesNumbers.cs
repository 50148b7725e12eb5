using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.Rollups;

/// <summary>Maps the keys of stored pages to the reader's series numbers.</summary>
internal sealed class PageSeriesNumbers(NameDirectory directory, SeriesIndex series)
{
    private readonly Dictionary<PageKey, int> _numbers = [];

    /// <summary>Returns the number of a key's series, ignoring the outcome.</summary>
    /// <exception cref="InvalidDataException">A name of the key is not stored.</exception>
    public int NumberOf(PageKey key)
    {
        key = key with { Outcome = 0 };
        if (!_numbers.TryGetValue(key, out int number))
        {
            number = series.Of(new((MetricType)key.Kind, directory.Sources.NameOf(key.Source), directory.Names.NameOf(key.Name)));
            _numbers.Add(key, number);
        }

        return number;
    }
}
