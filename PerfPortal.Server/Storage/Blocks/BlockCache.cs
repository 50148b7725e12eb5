using PerfPortal.Domain.Journal;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>A thread-safe LRU cache of values derived from blocks, bounded by bytes.</summary>
internal sealed class BlockCache<T>(long maxBytes)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly ByteBoundedLru<long, T> _entries = new(maxBytes);

    /// <summary>Returns the cached value of a block, or creates it with <paramref name="make"/>.</summary>
    /// <param name="block">The block id.</param>
    /// <param name="make">Returns the value and its size in bytes. Several threads may call it concurrently; all receive the value of the first to finish.</param>
    public T Get(long block, Func<long, (T Value, long Bytes)> make)
    {
        lock (_lock)
        {
            if (_entries.TryGet(block, out var cached))
            {
                return cached;
            }
        }

        var (value, bytes) = make(block);
        lock (_lock)
        {
            if (_entries.TryGet(block, out var cached))
            {
                return cached;
            }

            // An entry larger than the whole cache is kept until another is needed, because pages read a block many times in a row.
            _entries.Put(block, value, Math.Min(bytes, maxBytes));
        }

        return value;
    }

    /// <summary>Removes a block that no longer exists.</summary>
    public void Remove(long block)
    {
        lock (_lock)
        {
            _entries.Remove(block);
        }
    }
}
