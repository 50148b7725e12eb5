using System.Runtime.CompilerServices;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>
/// Stores one in-process operation at a time, from its start until it is collected. A start writes to a free slot without
/// synchronization; later writes acquire the lock bit of <see cref="SlotState"/> with one compare-and-swap and can come from
/// any thread. Allocates nothing and reads only one clock.
/// </summary>
internal sealed partial class TrackedSlot
{
    private readonly PerformanceTracker _tracker;
    private readonly TrackerLane? _lane;
    private readonly int _laneNumber;
    private readonly int _index;
    private long _word;
    private long _start;
    private long _startWall;
    private long _end;
    private long _storedWord;
    private MetricType _type;
    private OperationStatus _status;
    private int _memberCount;
    private string? _name;
    private string? _source;
    private string? _errorType;
    private string? _errorMessage;

    // An operation context or, so that a start allocates nothing, an activity.
    private object? _joined;
    private ResourceSample? _startSample;
    private ResourceSample? _endSample;
    private bool _endedOnStartSample;
    private SlotExtras? _extras;
    private SlotMembers _members;

    public TrackedSlot(PerformanceTracker tracker, TrackerLane? lane, int laneNumber, int index, uint generation)
    {
        _tracker = tracker;
        _lane = lane;
        _laneNumber = laneNumber;
        _index = index;
        _word = SlotState.Of(generation, SlotPhase.Free);
    }

    /// <summary>The index of the next free slot of the lane, or -1.</summary>
    public int Next { get; set; }

    public int Index => _index;

    /// <summary>The state word; it changes with every write.</summary>
    public long Word => Volatile.Read(ref _word);

    public uint Generation => SlotState.Generation(Word);

    /// <summary>Whether the operation ended and waits for collection.</summary>
    public bool IsEnded => SlotState.Phase(Word) == SlotPhase.Ended;

    /// <summary>Whether it contains an operation in progress.</summary>
    public bool IsInProgress => IsInProgressAt(Word);

    /// <summary>Starts an operation in this slot, which must be free and owned by the caller.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public OperationScope Begin(MetricType type, string? name, string? source, object? joined, SlotPhase phase)
    {
        _type = type;
        _name = name;
        if (source is not null)
        {
            _source = source;
        }

        if (joined is not null)
        {
            _joined = joined;
        }

        if (_tracker.Sample is { } sample)
        {
            _startSample = sample;
        }

        long word = _word;
        long start = _tracker.Timestamp;
        long wall = start + _tracker.Anchor.Offset;
        _start = start;
        _startWall = wall;
        Volatile.Write(ref _word, SlotState.Changed(word, phase));
        return new(this, SlotState.Generation(word), wall);
    }

    public Guid IdOf(uint generation, long startWall) =>
        TrackedId.Make(_tracker.Anchor.ToMicroseconds(startWall) / 1000, _tracker.Node, _laneNumber, generation, _index);

    /// <summary>Whether this operation is in the slot and its scope has not ended it.</summary>
    public bool IsOpenAt(uint generation) => IsOpen(Word, generation);

    /// <summary>What this operation belongs to, while it is in the slot.</summary>
    public OperationContext? ContextOf(uint generation)
    {
        var context = OperationContext.Of(Volatile.Read(ref _joined));
        return Generation == generation ? context : null;
    }

    /// <summary>Sets metadata members.</summary>
    public void Set(uint generation, ReadOnlySpan<KeyValuePair<string, MetadataValue>> members)
    {
        if (TryLock(generation, out long word))
        {
            Append(members);
            Unlock(word, SlotState.Phase(word));
        }
    }

    /// <summary>Applies progress or a plain heartbeat.</summary>
    public void Report(uint generation, Progress? progress)
    {
        long now = _tracker.Timestamp;
        if (TryLock(generation, out long word))
        {
            (_extras ??= new()).Report(progress, TimeOf(_startWall + (now - _start)));
            Unlock(word, SlotState.Phase(word));
        }
    }

    /// <summary>States what operations of this name usually achieve.</summary>
    public void Expect(uint generation, UsualPace usual)
    {
        if (TryLock(generation, out long word))
        {
            (_extras ??= new()).Expect(usual);
            Unlock(word, SlotState.Phase(word));
        }
    }

    /// <summary>Ends the operation, unless it already ended.</summary>
    public void Finish(
        uint generation, OperationStatus status, string? errorType, string? errorMessage, ReadOnlySpan<KeyValuePair<string, MetadataValue>> members)
    {
        if (!IsOpen(Volatile.Read(ref _word), generation))
        {
            return;
        }

        long end = _tracker.Timestamp;
        if (!TryLock(generation, out long word))
        {
            return;
        }

        Append(members);
        _end = end;
        _status = status;
        // Writing a reference costs more than writing a flag, because of the GC write barrier.
        var sample = _tracker.Sample;
        _endedOnStartSample = ReferenceEquals(sample, _startSample);
        if (!_endedOnStartSample)
        {
            _endSample = sample;
        }

        if (errorType is not null)
        {
            _errorType = errorType;
        }

        if (errorMessage is not null)
        {
            _errorMessage = errorMessage;
        }

        if (SlotState.Phase(word) == SlotPhase.Running)
        {
            Unlock(word, SlotPhase.Ended);
        }
        else
        {
            FinishElsewhere(word);
        }
    }

    /// <summary>Frees the slot for the next operation and releases all references.</summary>
    public void Clear()
    {
        _name = null;
        _source = null;
        _errorType = null;
        _errorMessage = null;
        _joined = null;
        _startSample = null;
        _endSample = null;
        _extras = null;
        ((Span<KeyValuePair<string, MetadataValue>>)_members)[.._memberCount].Clear();
        _memberCount = 0;
        Volatile.Write(ref _word, SlotState.Of(Generation + 1, SlotPhase.Free));
    }

    private static bool IsOpen(long word, uint generation) =>
        SlotState.Generation(word) == generation && SlotState.Phase(word) is SlotPhase.Running or SlotPhase.Claimed or SlotPhase.Detached;

    private bool TryLock(uint generation, out long word)
    {
        word = Volatile.Read(ref _word);
        return (SlotState.IsRunning(word, generation) && Interlocked.CompareExchange(ref _word, word | SlotState.Locked, word) == word)
            || TryLockSlowly(generation, claimed: false, out word);
    }

    private bool TryLockClaimed(uint generation, out long word) => TryLockSlowly(generation, claimed: true, out word);

    private bool TryLockSlowly(uint generation, bool claimed, out long word)
    {
        var spin = new SpinWait();
        while (true)
        {
            word = Volatile.Read(ref _word);
            bool may = claimed
                ? SlotState.Generation(word) == generation && SlotState.Phase(word) is SlotPhase.Claimed or SlotPhase.EndedWhileClaimed
                : IsOpen(word, generation);
            if (!may)
            {
                return false;
            }

            if (!SlotState.IsLocked(word) && Interlocked.CompareExchange(ref _word, word | SlotState.Locked, word) == word)
            {
                return true;
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    private void Unlock(long word, SlotPhase phase) => Volatile.Write(ref _word, SlotState.Changed(word, phase));

    /// <summary>Ends an operation that is claimed, abandoned or without a lane.</summary>
    private void FinishElsewhere(long word)
    {
        bool isClaimed = SlotState.Phase(word) == SlotPhase.Claimed;
        Unlock(word, isClaimed ? SlotPhase.EndedWhileClaimed : SlotPhase.Ended);
        if (!isClaimed)
        {
            SubmitLate();
        }
    }

    private void Append(ReadOnlySpan<KeyValuePair<string, MetadataValue>> members)
    {
        int count = _memberCount;
        foreach (ref readonly var member in members)
        {
            if (member.Key is null)
            {
                continue;
            }

            // Duplicate names are allowed here; the last one wins when they are read.
            if (count < SlotMembers.Count)
            {
                _members[count++] = member;
            }
            else
            {
                AppendBeyond(member);
            }
        }

        _memberCount = count;
    }

    private void AppendBeyond(in KeyValuePair<string, MetadataValue> member)
    {
        for (int i = SlotMembers.Count - 1; i >= 0; i--)
        {
            if (_members[i].Key == member.Key)
            {
                _members[i] = member;
                return;
            }
        }

        if (!(_extras ??= new()).Set(member))
        {
            _tracker.CountMembersDropped(1);
        }
    }

    private DateTimeOffset TimeOf(long wall) => Microseconds.ToTime(_tracker.Anchor.ToMicroseconds(wall));
}
