namespace PerfPortal.Server.Storage;

/// <summary>
/// Allocates free keys (<see cref="OperationKeys"/>) for the operations of a batch. Requires the used keys of a microsecond
/// before it can allocate in it.
/// </summary>
internal sealed class SlotAllocator
{
    private readonly Dictionary<long, Microsecond> _known = [];

    /// <summary>Whether the used keys of a microsecond are known.</summary>
    public bool Knows(long microsecond) => _known.ContainsKey(microsecond);

    /// <summary>Registers the used keys of microseconds that are not yet known.</summary>
    public void Learn(IEnumerable<long> microseconds, IEnumerable<long> takenKeys)
    {
        foreach (long microsecond in microseconds)
        {
            _known.TryAdd(microsecond, new());
        }

        foreach (long key in takenKeys)
        {
            _known[OperationKeys.EndUs(key)].TryTake((int)(key - OperationKeys.First(OperationKeys.EndUs(key))));
        }
    }

    /// <summary>Allocates a free key in a microsecond, the preferred one or the next; <see langword="null"/> if all are used.</summary>
    /// <exception cref="KeyNotFoundException">The microsecond is not known.</exception>
    public long? Take(long microsecond, long idLow)
    {
        var slots = _known[microsecond];
        if (slots.Count == OperationKeys.Slots)
        {
            return null;
        }

        int slot = (int)(idLow & (OperationKeys.Slots - 1));
        while (!slots.TryTake(slot))
        {
            slot = (slot + 1) & (OperationKeys.Slots - 1);
        }

        return OperationKeys.First(microsecond) + slot;
    }

    private sealed class Microsecond
    {
        private readonly HashSet<int> _taken = [];

        public int Count => _taken.Count;

        public bool TryTake(int slot) => _taken.Add(slot);
    }
}
