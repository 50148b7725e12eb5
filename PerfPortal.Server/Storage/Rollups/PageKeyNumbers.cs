using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.Rollups;

/// <summary>Assigns numbers to page keys while pages are read, and maps the rollups back to their keys.</summary>
internal sealed class PageKeyNumbers
{
    private readonly List<PageKey> _keys = [];

    /// <summary>Assigns the next sequential number to a key.</summary>
    public int NumberOf(PageKey key)
    {
        _keys.Add(key);
        return _keys.Count - 1;
    }

    /// <summary>The keys so far.</summary>
    public IReadOnlyList<PageKey> Keys => _keys;

    /// <summary>Returns the rollups of a page that was read with these numbers, each with its key.</summary>
    /// <exception cref="InvalidDataException">The facts of the page are corrupt.</exception>
    public IEnumerable<KeyValuePair<PageKey, Rollup>> RollupsOf(RollupPage page) => page.ToRollups().Select(entry => KeyValuePair.Create(_keys[entry.Series], entry.Rollup));
}
