using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>
/// The slots of one thread in a tracker. Only the owning thread takes slots; any thread can return slots, as a chain
/// that the owner takes over when it runs out. Threads therefore share nothing while they track.
/// </summary>
internal sealed class TrackerLane
{
    /// <summary>The maximum number of slots per lane.</summary>
    public const int MaxSlots = 1 << TrackedId.SlotBits;

    private const int FirstSlots = 64;
    private const int None = -1;

    [ThreadStatic]
    private static TrackerLane? t_current;

    private readonly Lock _gate = new();
    private readonly PerformanceTracker _tracker;
    private TrackedSlot[] _slots = [];
    private uint _generation;
    private long _trimmed;
    private Own _own = new() { Free = None };
    private HandedBack _back = new() { Chain = None };

    public TrackerLane(PerformanceTracker tracker, int number)
    {
        _tracker = tracker;
        Number = number;
        Thread = Thread.CurrentThread;
    }

    public int Number { get; }

    /// <summary>The owning thread; when it is dead, another thread can adopt the lane.</summary>
    public Thread Thread { get; private set; }

    /// <summary>The slots of the lane, including free ones.</summary>
    public ReadOnlySpan<TrackedSlot> Slots => Volatile.Read(ref _slots);

    /// <summary>A version that changes with every change of an operation in the lane.</summary>
    public long Version
    {
        get
        {
            long version = Volatile.Read(ref _trimmed);
            foreach (var slot in Slots)
            {
                version += slot.Word;
            }

            return version;
        }
    }

    /// <summary>Whether any slot is in use.</summary>
    public bool IsBusy => Volatile.Read(ref _own.Started) != Volatile.Read(ref _back.Count);

    /// <summary>Returns the lane of the current thread; <see langword="null"/> when too many threads have one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TrackerLane? Of(PerformanceTracker tracker)
    {
        var lane = t_current;
        return lane is not null && ReferenceEquals(lane._tracker, tracker) ? lane : t_current = tracker.Lanes.FindOrAdd();
    }

    /// <summary>Takes a free slot; returns <see langword="null"/> when none is available. Only for the owning thread.</summary>
    public TrackedSlot? TryTake()
    {
        int index = _own.Free;
        if (index == None && (index = Refill()) == None)
        {
            return null;
        }

        var slot = _slots[index];
        _own.Free = slot.Next;
        Volatile.Write(ref _own.Started, _own.Started + 1);
        return slot;
    }

    /// <summary>Returns cleared slots, in the order of the list.</summary>
    public void HandBack(ReadOnlySpan<TrackedSlot> slots)
    {
        for (int i = 1; i < slots.Length; i++)
        {
            slots[i - 1].Next = slots[i].Index;
        }

        int chain;
        do
        {
            chain = Volatile.Read(ref _back.Chain);
            slots[^1].Next = chain;
        }
        while (Interlocked.CompareExchange(ref _back.Chain, slots[0].Index, chain) != chain);
        Interlocked.Add(ref _back.Count, slots.Length);
    }

    /// <summary>Replaces a slot that leaves the lane with a new one.</summary>
    public void Detach(TrackedSlot slot)
    {
        TrackedSlot fresh;
        lock (_gate)
        {
            _slots[slot.Index] = fresh = new(_tracker, this, Number, slot.Index, slot.Generation + 1);
        }

        HandBack([fresh]);
    }

    /// <summary>Makes the current thread the owner of the lane of a dead thread.</summary>
    public void Adopt() => Thread = Thread.CurrentThread;

    /// <summary>Releases the slots of a dead thread; the caller ensures that no thread adopts the lane meanwhile.</summary>
    /// <returns>The number of released slots.</returns>
    public int Trim()
    {
        lock (_gate)
        {
            int count = _slots.Length;
            long version = Version;
            foreach (var slot in _slots)
            {
                _generation = Math.Max(_generation, slot.Generation + 1);
            }

            _slots = [];
            _trimmed = version;
            _own.Free = None;
            _back.Chain = None;
            return count;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Refill()
    {
        int chain = Interlocked.Exchange(ref _back.Chain, None);
        return chain != None ? chain : Grow();
    }

    private int Grow()
    {
        _tracker.Lanes.WakeDrain();
        lock (_gate)
        {
            int before = _slots.Length;
            int more = Math.Min(MaxSlots - before, Math.Max(FirstSlots, before));
            if (more == 0 || !_tracker.Lanes.TryReserve(more))
            {
                return None;
            }

            var slots = new TrackedSlot[before + more];
            _slots.CopyTo(slots, 0);
            for (int i = before; i < slots.Length; i++)
            {
                slots[i] = new(_tracker, this, Number, i, _generation) { Next = i + 1 < slots.Length ? i + 1 : None };
            }

            Volatile.Write(ref _slots, slots);
            return before;
        }
    }

    // Padded to avoid false sharing: writes of other threads must not evict the cache line of the owner's fields.
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Own
    {
        [FieldOffset(64)]
        public long Started;

        [FieldOffset(72)]
        public int Free;
    }

    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct HandedBack
    {
        [FieldOffset(0)]
        public long Count;

        [FieldOffset(8)]
        public int Chain;
    }
}
