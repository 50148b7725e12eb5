using System.Security.Cryptography;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// Which block holds the operation of an id, for what was stored lately: that is how a resend is recognised. Eight bytes an id
/// (half of its hash, and a block), in open addressing; a hit must be verified in the block. Two generations: the older one
/// goes as a whole when the younger one is <see cref="Generation"/> old or full. Bounded by <see cref="MaxItems"/> ids in each.
/// Safe for use by many threads.
/// </summary>
internal sealed class RecentIds
{
    /// <summary>How long ids are kept at least, unless it gets full.</summary>
    public static readonly TimeSpan Generation = TimeSpan.FromHours(24);

    /// <summary>Ids of one generation, about; it takes 4 MiB then.</summary>
    public const int MaxItems = 1 << 18;

    /// <summary>Blocks that one look-up may name at most; more would take four billion ids in a shard.</summary>
    public const int MaxCandidates = 8;

    private const int Shards = 64;

    // Nobody who chooses ids can choose where they land.
    private readonly ulong _seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));
    private Shard[] _young = Make();
    private Shard[] _old = Make();

    /// <summary>How many ids are held.</summary>
    public long Count => Young + _old.Sum(shard => (long)shard.Count);

    /// <summary>How many ids the younger generation holds.</summary>
    public long Young => _young.Sum(shard => (long)shard.Count);

    /// <summary>Notes that a block holds an id, in place of one of the blocks that are gone if that held it.</summary>
    public void Put(long high, long low, int block, IReadOnlySet<long> gone)
    {
        ulong hash = Hash(high, low);
        int shard = ShardOf(hash);

        // Never into the older generation: the new block may be younger than that, and would be expected here when it has gone.
        if (gone.Count == 0 || !_young[shard].Replace(hash, gone, block))
        {
            _young[shard].Add(hash, block);
        }
    }

    /// <summary>
    /// Reads where an id would stand, for no answer: of many that are read one after the other the memory comes at once, and then look-ups find it near.
    /// </summary>
    public ulong Touch(long high, long low)
    {
        ulong hash = Hash(high, low);
        int shard = ShardOf(hash);
        return _young[shard].First(hash) ^ _old[shard].First(hash);
    }

    /// <summary>The blocks that may hold an id, the younger first.</summary>
    /// <param name="high">The upper half of the id.</param>
    /// <param name="low">The lower half.</param>
    /// <param name="candidates">Takes the blocks; <see cref="MaxCandidates"/> places are enough.</param>
    /// <returns>How many there are: hardly ever more than one.</returns>
    public int Find(long high, long low, Span<int> candidates)
    {
        ulong hash = Hash(high, low);
        int shard = ShardOf(hash);
        int found = _young[shard].Find(hash, candidates);
        return found + _old[shard].Find(hash, candidates[found..]);
    }

    /// <summary>Begins a new generation; ids of the last but one are forgotten.</summary>
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

    // Two rounds of multiply and fold (as in wyhash); the seed keeps it unpredictable.
    private ulong Hash(long high, long low)
    {
        ulong first = Fold((ulong)high ^ _seed, 0xA0761D6478BD642F ^ (ulong)low);
        return Fold(first ^ 0xE7037ED1A0B428DB, (ulong)low ^ _seed);
    }

    private static ulong Fold(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }

    /// <summary>
    /// A part of the table with a lock of its own for those who write. Readers take none: an entry changes in one step (on 64 bits), and what grows is seen when it is whole.
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

        /// <summary>Forgets everything but the room for as much.</summary>
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
