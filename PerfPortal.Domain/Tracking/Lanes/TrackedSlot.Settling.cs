using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking.Lanes;

/// <content>Ends from outside the scope: abandoned by the keeper, or ended by a report.</content>
internal sealed partial class TrackedSlot
{
    /// <summary>Completes when the claim is released.</summary>
    public Task Settled => Volatile.Read(ref _extras)?.Settling?.Task ?? Task.CompletedTask;

    /// <summary>Claims the right to end the operation instead of its scope.</summary>
    public Operation? TryClaim(uint generation)
    {
        if (!TryLock(generation, out long word))
        {
            return null;
        }

        bool isMine = SlotState.Phase(word) == SlotPhase.Running;
        Operation? current = null;
        if (isMine)
        {
            (_extras ??= new()).Settling = new(TaskCreationOptions.RunContinuationsAsynchronously);
            current = ToOperation(generation, null);
        }

        Unlock(word, isMine ? SlotPhase.Claimed : SlotState.Phase(word));
        return current;
    }

    /// <summary>Releases the claim. If the operation was ended, the slot leaves its lane, because its scope can still report the real end.</summary>
    public void Release(uint generation, bool ended)
    {
        if (!TryLockClaimed(generation, out long word))
        {
            return;
        }

        bool hasFinished = SlotState.Phase(word) == SlotPhase.EndedWhileClaimed;
        var settling = _extras!.Settling;
        _extras.Settling = null;
        if (!ended)
        {
            Unlock(word, hasFinished ? SlotPhase.Ended : SlotPhase.Running);
        }
        else
        {
            _lane!.Detach(this);
            Unlock(word, hasFinished ? SlotPhase.Ended : SlotPhase.Detached);
            if (hasFinished)
            {
                SubmitLate();
            }
        }

        settling?.TrySetResult();
    }

    private void SubmitLate()
    {
        var ended = Collect();
        _tracker.Submit(_lane is null ? ended : ended.WithEvent(ended.EndTime!.Value, _status.WireName(), "Ended after it was abandoned."));
    }
}
