namespace PerfPortal.Server.Storage.Blocks;

/// <summary>
/// Finds the blocks that may contain an id among those whose ids are no longer in <see cref="RecentIds"/>, so that an id is unique for as
/// long as its operation is kept. Ids of version 7 are looked up in the blocks whose timestamps include theirs, other ids in all
/// blocks that have such ids. A block's fingerprints are built when they are first needed, and cost nothing until then.
/// Bounded by the number of stored blocks (16 KiB each). The writer synchronizes and searches; readers may ask <see cref="Excludes"/>. A search that reads many blocks can be
/// cancelled and holds the lock only briefly; the next one continues where it stopped.
/// </summary>
internal sealed class OlderIds
{
    private const long HourMs = 3_600_000;
    private const int MaxHours = 4_096;

    private readonly Lock _lock = new();
    private readonly IdFingerprints _fingerprints = new();
    private readonly List<BlockInfo?> _slots = [];
    private readonly Dictionary<long, int> _slotOf = [];
    private readonly Stack<int> _free = [];
    private readonly HashSet<int> _known = [];
    private readonly Dictionary<long, Slots> _hours = [];
    private Slots _others = new([]);
    private long _latestMs = -1;

    /// <summary>Replaces the set of older blocks. The fingerprints of blocks that remain are kept.</summary>
    public void Replace(IReadOnlyList<BlockInfo> blocks)
    {
        lock (_lock)
        {
            var remaining = blocks.Select(block => block.Id).ToHashSet();
            foreach (var (block, slot) in _slotOf.Where(one => !remaining.Contains(one.Key)).ToList())
            {
                _slotOf.Remove(block);
                _slots[slot] = null;
                _free.Push(slot);
                if (_known.Remove(slot))
                {
                    _fingerprints.Clear(slot);
                }
            }

            foreach (var block in blocks.Where(block => !_slotOf.ContainsKey(block.Id)))
            {
                if (!_free.TryPop(out int slot))
                {
                    slot = _slots.Count;
                    _slots.Add(null);
                }

                _slots[slot] = block;
                _slotOf.Add(block.Id, slot);
            }

            _hours.Clear();
            _others = SlotsOf(block => block.Ids.HasOthers);
            _latestMs = blocks.Where(block => block.Ids.HasTimestamps).Select(block => block.Ids.MaxMs).DefaultIfEmpty(-1).Max();
        }
    }

    /// <summary>Appends the blocks that may contain an id, rarely more than the one that does.</summary>
    /// <param name="high">The upper half of the id.</param>
    /// <param name="low">The lower half of the id.</param>
    /// <param name="read">Reads the ids of a block whose fingerprints are not known yet; <see langword="null"/> if the block is corrupt.</param>
    /// <param name="slots">A buffer.</param>
    /// <param name="found">Receives the blocks.</param>
    /// <param name="cancellationToken">Stops reading blocks. What has been read is kept.</param>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public void Find(long high, long low, Func<BlockInfo, (long High, long Low)[]?> read, List<int> slots, List<BlockInfo> found, CancellationToken cancellationToken)
    {
        long ms = IdExtent.TimestampOf(high, low);
        if (ms > _latestMs || (ms < 0 && _others.Bits.Length == 0))
        {
            return;
        }

        // Only the writer changes the slots, so it may read them without the lock.
        var candidates = ms < 0 ? _others : HourOf(ms / HourMs);
        Learn(candidates, read, cancellationToken);
        lock (_lock)
        {
            slots.Clear();
            _fingerprints.Find(high, low, candidates.Bits, slots);
            foreach (int slot in slots)
            {
                if (_slots[slot] is { } block && block.Ids.MayContain(high, low))
                {
                    found.Add(block);
                }
            }
        }
    }

    /// <summary>Whether it is known that a block does not contain an id.</summary>
    public bool Excludes(long block, long high, long low)
    {
        lock (_lock)
        {
            return _slotOf.TryGetValue(block, out int slot) && _known.Contains(slot) && !_fingerprints.MayContain(slot, high, low);
        }
    }

    private Slots HourOf(long hour)
    {
        if (!_hours.TryGetValue(hour, out var slots))
        {
            if (_hours.Count >= MaxHours)
            {
                _hours.Clear();
            }

            _hours.Add(hour, slots = SlotsOf(block => block.Ids.MinMs < (hour + 1) * HourMs && block.Ids.MaxMs >= hour * HourMs));
        }

        return slots;
    }

    private Slots SlotsOf(Func<BlockInfo, bool> condition)
    {
        ulong[] bits = new ulong[IdFingerprints.WordsFor(_slots.Count)];
        bool isEmpty = true;
        for (int slot = 0; slot < _slots.Count; slot++)
        {
            if (_slots[slot] is { } block && condition(block))
            {
                bits[slot / 64] |= 1UL << (slot % 64);
                isEmpty = false;
            }
        }

        return new(isEmpty ? [] : bits);
    }

    private void Learn(Slots candidates, Func<BlockInfo, (long High, long Low)[]?> read, CancellationToken cancellationToken)
    {
        if (candidates.AreKnown)
        {
            return;
        }

        for (int slot = 0; slot < candidates.Bits.Length * 64; slot++)
        {
            if ((candidates.Bits[slot / 64] & (1UL << (slot % 64))) != 0 && !_known.Contains(slot))
            {
                cancellationToken.ThrowIfCancellationRequested();

                // A corrupt block keeps an empty fingerprint: its operations cannot be compared.
                var ids = read(_slots[slot]!) ?? [];
                lock (_lock)
                {
                    _fingerprints.Add(slot, ids);
                    _known.Add(slot);
                }
            }
        }

        candidates.AreKnown = true;
    }

    /// <summary>A set of slots, a bit each; no words if it is empty.</summary>
    private sealed class Slots(ulong[] bits)
    {
        public ulong[] Bits => bits;

        /// <summary>Whether the fingerprints of all its blocks are known.</summary>
        public bool AreKnown { get; set; }
    }
}
