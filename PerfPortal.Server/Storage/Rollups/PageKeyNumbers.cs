using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Storage.Rollups;

/// <summary>Gives numbers to the keys of pages while they are read, and finds the keys of their rollups again.</summary>
internal sealed class PageKeyNumbers
{
    private readonly List<PageKey> _keys = [];

    /// <summary>The number of a key: how many came before it.</summary>
    public int NumberOf(PageKey key)
    {
        _keys.Add(key);
        return _keys.Count - 1;
    }

    /// <summary>The rollups of a page that was read with these numbers, each with its key.</summary>
    /// <exception cref="InvalidDataException">The facts of the page are damaged.</exception>
    public IEnumerable<KeyValuePair<PageKey, Rollup>> RollupsOf(RollupPage page) => page.ToRollups().Select(entry => KeyValuePair.Create(_keys[entry.Series], entry.Rollup));
}
