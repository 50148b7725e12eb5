namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// Maps recently stored operation ids to their blocks, to detect resends. A hash table with open addressing and eight bytes per id
/// (half of its hash, and a block id); a hit must be verified in the block. Has two generations: the older one
/// is dropped as a whole when the younger one is <see cref="Generation"/> old or full. Bounded by <see cref="MaxItems"/> ids per generation.
/// Thread-safe.
/// </summary>
internal sealed class RecentIds
{
    /// <summary>The minimum time that ids are kept, unless a generation is full.</summary>
    public static readonly TimeSpan Generation = TimeSpan.FromHours(24);

    /// <summary>The approximate maximum number of ids per generation; uses 4 MiB.</summary>
    public const int MaxItems = 1 << 18;

    /// <summary>The maximum number of blocks that a lookup returns; more would require four billion ids in a shard.</summary>
    public const int MaxCandidates = 8;

    private const int Shards = 64;

    private Shard[] _young = Make();
    private Shard[] _old = Make();

    /// <summary>The number of ids.</summary>
    public long Count => Young + _old.Sum(shard => (long)shard.Count);

    /// <summary>The number of ids in the younger generation.</summary>
    public long Young => _young.Sum(shard => (long)shard.Count);

    /// <summary>Records the block of an id, replacing an entry for one of the deleted blocks if present.</summary>
    public void Put(long high, long low, int block, IReadOnlySet<long> gone)
    {
        ulong hash = IdHash.Of(high, low);
        int shard = ShardOf(hash);

        // Never update the older generation: the new block may be younger, and its ids must remain after that generation is dropped.
        if (gone.Count == 0 || !_young[shard].Replace(hash, gone, block))
        {
            _young[shard].Add(hash, block);
        }
    }

    /// <summary>
    /// Prefetches the table entries of an id. Memory accesses for many ids overlap, so later lookups hit the CPU cache. The result is meaningless.
    /// </summary>
    public ulong Touch(long high, long low)
    {
        ulong hash = IdHash.Of(high, low);
        int shard = ShardOf(hash);
        return _young[shard].First(hash) ^ _old[shard].First(hash);
    }

    /// <summary>Finds the blocks that may contain an id, younger generation first.</summary>
    /// <param name="high">The upper half of the id.</param>
    /// <param name="low">The lower half of the id.</param>
    /// <param name="candidates">Receives the blocks; a length of <see cref="MaxCandidates"/> is sufficient.</param>
    /// <returns>The number of blocks found, rarely more than one.</returns>
    public int Find(long high, long low, Span<int> candidates)
    {
        ulong hash = IdHash.Of(high, low);
        int shard = ShardOf(hash);
        int found = _young[shard].Find(hash, candidates);
        return found + _old[shard].Find(hash, candidates[found..]);
    }

    /// <summary>Starts a new generation and drops the older one.</summary>
    public void Rotate()
    {
        (_old, _young) = (_young, _old);
        foreach (var shard in _young)
        {
            shard.Clear();
        }
    }

    private static Shard[] Make() => [.. Enumerable.Range(0, Shards).Select(_ => new Shard())];

    private static int ShardOf(ulong hash) => (int)(hash >> 58);

    /// <summary>
    /// A part of the table with its own write lock. Reads are lock-free: entries are 64-bit and change atomically, and a grown table is published when complete.
    /// </summary>
    private sealed class Shard
    {
        private const ulong Empty = 0;

        private readonly Lock _lock = new();
        private ulong[] _entries = new ulong[64];

        public int Count { get; private set; }

        public void Add(ulong hash, int block)
        {
            lock (_lock)
            {
                if (Count * 4 >= _entries.Length * 3)
                {
                    Grow();
                }

                Put(_entries, Entry(hash, block));
                Count++;
            }
        }

        /// <summary>Removes all entries and keeps the capacity.</summary>
        public void Clear()
        {
            lock (_lock)
            {
                Array.Clear(_entries);
                Count = 0;
            }
        }

        public bool Replace(ulong hash, IReadOnlySet<long> from, int to)
        {
            lock (_lock)
            {
                ulong half = Half(hash);
                int mask = _entries.Length - 1;
                for (int at = Place(half, mask); _entries[at] != Empty; at = (at + 1) & mask)
                {
                    if (_entries[at] >> 32 == half >> 32 && from.Contains((int)_entries[at]))
                    {
                        _entries[at] = Entry(hash, to);
                        return true;
                    }
                }

                return false;
            }
        }

        public ulong First(ulong hash)
        {
            ulong[] entries = Volatile.Read(ref _entries);
            return entries[Place(Half(hash), entries.Length - 1)];
        }

        public int Find(ulong hash, Span<int> candidates)
        {
            ulong[] entries = Volatile.Read(ref _entries);
            int found = 0;
            ulong half = Half(hash);
            int mask = entries.Length - 1;
            for (int at = Place(half, mask); entries[at] is not Empty and var entry && found < candidates.Length; at = (at + 1) & mask)
            {
                if (entry >> 32 == half >> 32)
                {
                    candidates[found++] = (int)entry;
                }
            }

            return found;
        }

        // The upper half of an entry is never zero, so an entry is never empty.
        private static ulong Half(ulong hash) => ((hash & 0xFFFF_FFFF) | 1) << 32;

        private static ulong Entry(ulong hash, int block) => Half(hash) | (uint)block;

        private static int Place(ulong entry, int mask) => (int)(((entry >> 32) * 0x9E3779B97F4A7C15 >> 32) & (ulong)mask);

        private static void Put(ulong[] entries, ulong entry)
        {
            int mask = entries.Length - 1;
            int at = Place(entry, mask);
            while (entries[at] != Empty)
            {
                at = (at + 1) & mask;
            }

            entries[at] = entry;
        }

        private void Grow()
        {
            ulong[] larger = new ulong[_entries.Length * 2];
            foreach (ulong entry in _entries)
            {
                if (entry != Empty)
                {
                    Put(larger, entry);
                }
            }

            Volatile.Write(ref _entries, larger);
        }
    }
}
