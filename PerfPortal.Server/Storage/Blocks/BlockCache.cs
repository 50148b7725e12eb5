using PerfPortal.Domain.Journal;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>What was made of blocks and may be asked for again, bounded by bytes, least recently used out first. Safe for use by many threads.</summary>
internal sealed class BlockCache<T>(long maxBytes)
    where T : class
{
    private readonly Lock _lock = new();
    private readonly ByteBoundedLru<long, T> _entries = new(maxBytes);

    /// <summary>What was made of a block, or what <paramref name="make"/> makes of it now.</summary>
    /// <param name="block">The block's number.</param>
    /// <param name="make">Returns the value and its bytes. Several threads may call it at once; they all get the value of the first to finish.</param>
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

            // A block larger than the whole cache stays until another is needed: pages read a block many times in a row.
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
