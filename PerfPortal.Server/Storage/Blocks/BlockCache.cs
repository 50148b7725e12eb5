namespace PerfPortal.Server.Storage.Blocks;

/// <summary>What was made of blocks and may be asked for again, least recently used out first. Bounded by bytes; safe for use by many threads.</summary>
internal sealed class BlockCache<T>(long maxBytes)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _order = new();
    private long _bytes;

    /// <summary>What was made of a block, or what <paramref name="make"/> makes of it now.</summary>
    /// <param name="block">The block's number.</param>
    /// <param name="make">Makes it and says its bytes; several threads may do so at once, one result stays.</param>
    public T Get(long block, Func<long, (T Value, long Bytes)> make)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(block, out var node))
            {
                _order.Remove(node);
                _order.AddFirst(node);
                return node.Value.Value;
            }
        }

        var (value, bytes) = make(block);
        lock (_lock)
        {
            if (_entries.TryGetValue(block, out var node))
            {
                return node.Value.Value;
            }

            _entries.Add(block, _order.AddFirst(new Entry(block, value, bytes)));
            _bytes += bytes;
            while (_bytes > maxBytes && _order.Last is { } last && last.Value.Block != block)
            {
                Drop(last);
            }
        }

        return value;
    }

    /// <summary>Forgets a block that is no more.</summary>
    public void Remove(long block)
    {
        lock (_lock)
        {
            if (_entries.TryGetValue(block, out var node))
            {
                Drop(node);
            }
        }
    }

    private void Drop(LinkedListNode<Entry> node)
    {
        _order.Remove(node);
        _entries.Remove(node.Value.Block);
        _bytes -= node.Value.Bytes;
    }

    private readonly record struct Entry(long Block, T Value, long Bytes);
}
