using System.Diagnostics.CodeAnalysis;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// A cache bounded by the bytes of its entries, evicting the least recently used first. Libraries bound a cache by its number of entries, but those cached here
/// differ in size by a factor of a thousand. Not safe for concurrent use: its owner takes a lock.
/// </summary>
/// <param name="maxBytes">The most bytes that the entries take together.</param>
public sealed class ByteBoundedLru<TKey, TValue>(long maxBytes)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _entries = [];

    // The most recently used first.
    private readonly LinkedList<Entry> _order = new();

    /// <summary>How many bytes the entries take, as stated when they were put in.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many entries there are.</summary>
    public int Count => _entries.Count;

    /// <summary>Finds an entry and marks it as used.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!_entries.TryGetValue(key, out var node))
        {
            value = default;
            return false;
        }

        if (_order.First != node)
        {
            _order.Remove(node);
            _order.AddFirst(node);
        }

        value = node.Value.Value;
        return true;
    }

    /// <summary>Adds or replaces an entry; one larger than the whole cache is not kept.</summary>
    public void Put(TKey key, TValue value, long bytes)
    {
        Remove(key);
        if (bytes > maxBytes)
        {
            return;
        }

        _entries.Add(key, _order.AddFirst(new Entry(key, value, bytes)));
        Bytes += bytes;
        while (Bytes > maxBytes)
        {
            Remove(_order.Last!.Value.Key);
        }
    }

    /// <summary>Removes an entry if it is there.</summary>
    public void Remove(TKey key)
    {
        if (_entries.Remove(key, out var node))
        {
            _order.Remove(node);
            Bytes -= node.Value.Bytes;
        }
    }

    /// <summary>Removes all entries whose key passes.</summary>
    public void RemoveWhere(Func<TKey, bool> passes)
    {
        foreach (var key in _entries.Keys.Where(passes).ToList())
        {
            Remove(key);
        }
    }

    /// <summary>Removes the least recently used entries for as long as they pass, and returns when one does not.</summary>
    public void EvictWhile(Func<TValue, bool> passes)
    {
        while (_order.Last is { } last && passes(last.Value.Value))
        {
            Remove(last.Value.Key);
        }
    }

    private readonly record struct Entry(TKey Key, TValue Value, long Bytes);
}
