using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking.Lanes;

/// <content>Creates operations from the state of the slot.</content>
internal sealed partial class TrackedSlot
{
    private const int OptimisticReads = 32;

    /// <summary>Returns a consistent snapshot of the operation, or <see langword="null"/> when none is in progress.</summary>
    public TrackedOperation? TryRead()
    {
        var spin = new SpinWait();
        for (int attempt = 0; attempt < OptimisticReads; attempt++)
        {
            long word = Word;
            if (!IsInProgressAt(word))
            {
                return null;
            }

            if (!SlotState.IsLocked(word) && TryReadAt(word) is { } read)
            {
                return read;
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }

        return ReadLocked();
    }

    /// <summary>Returns the ended operation of this slot, to be stored.</summary>
    public Operation Collect() => ToOperation(Generation, _tracker);

    public bool IsStored(long word) => Volatile.Read(ref _storedWord) == word;

    public void MarkStored(long word) => Volatile.Write(ref _storedWord, word);

    private static bool IsInProgressAt(long word) =>
        SlotState.Phase(word) is SlotPhase.Running or SlotPhase.Claimed or SlotPhase.EndedWhileClaimed;

    /// <summary>Reads the slot; returns <see langword="null"/> when it changed during the read.</summary>
    private TrackedOperation? TryReadAt(long word)
    {
        try
        {
            var read = Read(word);
            Interlocked.MemoryBarrier();
            return Word == word ? read : null;
        }
        catch (Exception) when (Word != word)
        {
            return null;
        }
    }

    /// <summary>Reads under the lock bit when frequent writes defeat optimistic reads: every operation in progress must be visible.</summary>
    private TrackedOperation? ReadLocked()
    {
        var spin = new SpinWait();
        while (true)
        {
            long word = Word;
            if (!IsInProgressAt(word))
            {
                return null;
            }

            if (!SlotState.IsLocked(word) && Interlocked.CompareExchange(ref _word, word | SlotState.Locked, word) == word)
            {
                try
                {
                    return Read(word);
                }
                finally
                {
                    Volatile.Write(ref _word, word);
                }
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    private TrackedOperation Read(long word)
    {
        var extras = _extras;
        return new(this, word, ToOperation(SlotState.Generation(word), null), extras?.Pace ?? default, extras?.ReportedAt);
    }

    /// <summary>
    /// Creates the operation. While it runs, concurrent writes can make the result inconsistent: the read must have no side effects, and the caller discards it.
    /// </summary>
    private Operation ToOperation(uint generation, PerformanceTracker? ended)
    {
        var anchor = _tracker.Anchor;
        var extras = _extras;
        long startWall = _startWall;
        long start = anchor.ToMicroseconds(startWall);
        var context = OperationContext.Of(_joined);
        var metadata = TrackedMetadata.Of(
            ((ReadOnlySpan<KeyValuePair<string, MetadataValue>>)_members)[..Math.Min(_memberCount, SlotMembers.Count)], extras is null ? [] : extras.Members, out int dropped);
        var operation = new Operation
        {
            Id = IdOf(generation, startWall),
            MetricType = _type,
            Name = TrackedText.Cut(_name, OperationLimits.NameCharacters, "unnamed"),
            Source = TrackedText.Cut(_source, OperationLimits.SourceCharacters, _tracker.Source),
            Status = ended is null ? OperationStatus.Running : _status,
            StartTime = Microseconds.ToTime(start),
            EndTime = ended is null ? null : Microseconds.ToTime(start + anchor.MicrosecondsBetween(_start, _end)),
            ErrorType = ended is null ? null : TrackedText.Cut(_errorType, OperationLimits.ErrorTypeCharacters),
            ErrorMessage = ended is null ? null : OperationLimits.CutError(_errorMessage),
            Progress = extras?.Progress,
            Metadata = metadata,
            ResourceUsage = ended?.UsageOf(_startSample, _endedOnStartSample ? _startSample : _endSample),
            TraceId = context?.TraceId,
            SpanId = context?.SpanId,
            ParentId = context?.ParentId,
            LastHeartbeatAt = ended is null ? extras?.ReportedAt : null,
        };
        ended?.CountMembersDropped(dropped);
        return operation;
    }
}
