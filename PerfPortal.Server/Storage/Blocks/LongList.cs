namespace PerfPortal.Server.Storage.Blocks;

/// <summary>A list of numbers with a reusable array.</summary>
internal sealed class LongList
{
    private long[] _items = new long[64];

    /// <summary>The number of items.</summary>
    public int Count { get; private set; }

    /// <summary>The items.</summary>
    public Span<long> Items => _items.AsSpan(0, Count);

    /// <summary>Adds an item.</summary>
    public void Add(long value)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, 2 * Count);
        }

        _items[Count++] = value;
    }

    /// <summary>Sets the number of items; their values are undefined.</summary>
    public Span<long> Resize(int count)
    {
        if (_items.Length < count)
        {
            _items = new long[count];
        }

        Count = count;
        return Items;
    }

    /// <summary>Removes all items.</summary>
    public void Clear() => Count = 0;
}
