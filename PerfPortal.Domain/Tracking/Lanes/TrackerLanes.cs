using System.Threading.Channels;

namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>The lanes of one tracker: who finds one, what is in progress in them, and what waits to be collected.</summary>
internal sealed class TrackerLanes(PerformanceTracker tracker)
{
    /// <summary>Threads that may have a lane at once; the number after the last stands for operations without a lane.</summary>
    public const int MaxLanes = (1 << TrackedId.LaneBits) - 1;

    private readonly Lock _gate = new();
    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private TrackerLane[] _lanes = [];
    private int _reserved;

    /// <summary>Says that slots run short.</summary>
    public ChannelReader<bool> Wanted => _wanted.Reader;

    /// <summary>The lanes, those of dead threads too.</summary>
    public ReadOnlySpan<TrackerLane> All => Volatile.Read(ref _lanes);

    /// <summary>Slots of all lanes.</summary>
    public int Slots => Volatile.Read(ref _reserved);

    /// <summary>How many operations are in progress in lanes.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (var lane in All)
            {
                if (lane.IsBusy)
                {
                    foreach (var slot in lane.Slots)
                    {
                        count += slot.IsInProgress ? 1 : 0;
                    }
                }
            }

            return count;
        }
    }

    /// <summary>Grows with every change of an operation in a lane.</summary>
    public long Version
    {
        get
        {
            long version = 0;
            foreach (var lane in All)
            {
                version += lane.Version;
            }

            return version;
        }
    }

    /// <summary>The lane of the present thread: its own, a dead thread's, or a new one.</summary>
    public TrackerLane? FindOrAdd()
    {
        var thread = Thread.CurrentThread;
        foreach (var lane in All)
        {
            if (lane.Thread == thread)
            {
                return lane;
            }
        }

        lock (_gate)
        {
            foreach (var lane in _lanes)
            {
                if (!lane.Thread.IsAlive)
                {
                    lane.Adopt();
                    return lane;
                }
            }

            if (_lanes.Length == MaxLanes)
            {
                return null;
            }

            var added = new TrackerLane(tracker, _lanes.Length);
            Volatile.Write(ref _lanes, [.. _lanes, added]);
            return added;
        }
    }

    /// <summary>Asks for room for more slots; all lanes together have as many as operations may be in progress.</summary>
    public bool TryReserve(int slots)
    {
        if (Interlocked.Add(ref _reserved, slots) <= ActiveOperations.Capacity)
        {
            return true;
        }

        Interlocked.Add(ref _reserved, -slots);
        return false;
    }

    /// <summary>Has what ended collected at once.</summary>
    public void WakeDrain() => _wanted.Writer.TryWrite(true);

    /// <summary>Gives back the memory of lanes whose thread is dead and that hold nothing.</summary>
    public void TrimDead()
    {
        lock (_gate)
        {
            foreach (var lane in _lanes)
            {
                if (!lane.Thread.IsAlive && !lane.IsBusy)
                {
                    Interlocked.Add(ref _reserved, -lane.Trim());
                }
            }
        }
    }

    /// <summary>The operation of this id, if it is in progress in a lane.</summary>
    public TrackedOperation? Find(Guid id)
    {
        if (!TrackedId.TryRead(id, tracker.Node, out int lane, out int slot) || lane >= All.Length)
        {
            return null;
        }

        var slots = All[lane].Slots;
        return slot < slots.Length && slots[slot].TryRead() is { } read && read.Current.Id == id ? read : null;
    }

    /// <summary>Adds all that are in progress in lanes.</summary>
    public void AddTo(List<ActiveOperation> list)
    {
        foreach (var lane in All)
        {
            if (!lane.IsBusy)
            {
                continue;
            }

            foreach (var slot in lane.Slots)
            {
                if (slot.TryRead() is { } read)
                {
                    list.Add(read);
                }
            }
        }
    }
}
