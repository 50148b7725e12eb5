using System.Threading.Channels;

namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>The lanes of a tracker.</summary>
internal sealed class TrackerLanes(PerformanceTracker tracker)
{
    /// <summary>The maximum number of lanes; the next number is used for operations without a lane.</summary>
    public const int MaxLanes = (1 << TrackedId.LaneBits) - 1;

    private readonly Lock _gate = new();
    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private TrackerLane[] _lanes = [];
    private int _reserved;

    /// <summary>Signals that slots run short.</summary>
    public ChannelReader<bool> Wanted => _wanted.Reader;

    /// <summary>The lanes, including those of dead threads.</summary>
    public ReadOnlySpan<TrackerLane> All => Volatile.Read(ref _lanes);

    /// <summary>The number of slots of all lanes.</summary>
    public int Slots => Volatile.Read(ref _reserved);

    /// <summary>The number of operations in progress in all lanes.</summary>
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

    /// <summary>A version that changes with every change of an operation in a lane.</summary>
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

    /// <summary>Returns the lane of the current thread: its own, that of a dead thread, or a new one; <see langword="null"/> at the limit.</summary>
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

    /// <summary>Reserves slots; all lanes together are limited to <see cref="ActiveOperations.Capacity"/>.</summary>
    public bool TryReserve(int slots)
    {
        if (Interlocked.Add(ref _reserved, slots) <= ActiveOperations.Capacity)
        {
            return true;
        }

        Interlocked.Add(ref _reserved, -slots);
        return false;
    }

    /// <summary>Triggers a drain.</summary>
    public void WakeDrain() => _wanted.Writer.TryWrite(true);

    /// <summary>Releases the memory of empty lanes whose thread is dead.</summary>
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

    /// <summary>Returns the operation with this id, or <see langword="null"/> when it is not in progress in a lane.</summary>
    public TrackedOperation? Find(Guid id)
    {
        if (!TrackedId.TryRead(id, tracker.Node, out int lane, out int slot) || lane >= All.Length)
        {
            return null;
        }

        var slots = All[lane].Slots;
        return slot < slots.Length && slots[slot].TryRead() is { } read && read.Current.Id == id ? read : null;
    }

    /// <summary>Adds all operations in progress to a list.</summary>
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
