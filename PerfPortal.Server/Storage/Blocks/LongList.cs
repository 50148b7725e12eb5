namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Numbers that are added one after another into an array that is used again.</summary>
internal sealed class LongList
{
    private long[] _items = new long[64];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>The numbers.</summary>
    public Span<long> Items => _items.AsSpan(0, Count);

    /// <summary>Adds one.</summary>
    public void Add(long value)
    {
        if (Count == _items.Length)
        {
            Array.Resize(ref _items, 2 * Count);
        }

        _items[Count++] = value;
    }

    /// <summary>Makes room for so many, whose values are undefined.</summary>
    public Span<long> Resize(int count)
    {
        if (_items.Length < count)
        {
            _items = new long[count];
        }

        Count = count;
        return Items;
    }

    /// <summary>Takes all away.</summary>
    public void Clear() => Count = 0;
}
