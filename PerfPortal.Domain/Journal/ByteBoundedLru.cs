using System.Diagnostics.CodeAnalysis;

namespace PerfPortal.Domain.Journal;

/// <summary>
/// An LRU cache bounded by the total size of its entries in bytes. Library caches are bounded by entry count, but the entries cached here
/// differ in size by a factor of a thousand. Not thread-safe; the owner must lock.
/// </summary>
/// <param name="maxBytes">The maximum total size of the entries in bytes.</param>
public sealed class ByteBoundedLru<TKey, TValue>(long maxBytes)
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<Entry>> _entries = [];

    // Most recently used first.
    private readonly LinkedList<Entry> _order = new();

    /// <summary>The total size of the entries in bytes, as passed to <see cref="Put"/>.</summary>
    public long Bytes { get; private set; }

    /// <summary>The number of entries.</summary>
    public int Count => _entries.Count;

    /// <summary>Looks up an entry and marks it as most recently used.</summary>
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

    /// <summary>Adds or replaces an entry; an entry larger than the whole cache is not stored.</summary>
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

    /// <summary>Removes an entry if it exists.</summary>
    public void Remove(TKey key)
    {
        if (_entries.Remove(key, out var node))
        {
            _order.Remove(node);
            Bytes -= node.Value.Bytes;
        }
    }

    /// <summary>Removes all entries whose key matches the predicate.</summary>
    public void RemoveWhere(Func<TKey, bool> passes)
    {
        foreach (var key in _entries.Keys.Where(passes).ToList())
        {
            Remove(key);
        }
    }

    /// <summary>Evicts the least recently used entries until one does not match the predicate.</summary>
    public void EvictWhile(Func<TValue, bool> passes)
    {
        while (_order.Last is { } last && passes(last.Value.Value))
        {
            Remove(last.Value.Key);
        }
    }

    private readonly record struct Entry(TKey Key, TValue Value, long Bytes);
}
