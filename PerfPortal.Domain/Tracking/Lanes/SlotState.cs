namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>The phase of a slot.</summary>
internal enum SlotPhase : byte
{
    /// <summary>The slot is free.</summary>
    Free = 0,

    /// <summary>The operation is in progress.</summary>
    Running = 1,

    /// <summary>The scope ended the operation; it waits for collection.</summary>
    Ended = 2,

    /// <summary>Another caller than the scope is ending the operation.</summary>
    Claimed = 3,

    /// <summary>The scope ended the operation while it was claimed.</summary>
    EndedWhileClaimed = 4,

    /// <summary>The slot does not belong to a lane: when the scope ends, the operation is submitted directly to the journal.</summary>
    Detached = 5,
}

/// <summary>
/// The state word of a slot: phase (bits 0–2), lock (bit 3), change counter (bits 4–31) and generation (bits 32–63). The generation
/// increases with every operation in the slot; a stale scope detects a different generation and does nothing. A reader that sees the
/// same word before and after has read a consistent state.
/// </summary>
internal static class SlotState
{
    /// <summary>The lock bit, set while a thread writes to the slot.</summary>
    public const long Locked = 8;

    private const long PhaseMask = 7;
    private const long ChangeMask = 0xFFFF_FFF0;
    private const long OneChange = 16;

    /// <summary>Creates a word.</summary>
    public static long Of(uint generation, SlotPhase phase) => ((long)generation << 32) | (long)phase;

    public static uint Generation(long word) => (uint)(word >>> 32);

    public static SlotPhase Phase(long word) => (SlotPhase)(word & PhaseMask);

    public static bool IsLocked(long word) => (word & Locked) != 0;

    /// <summary>Whether the word has this generation, is running and is not locked.</summary>
    public static bool IsRunning(long word, uint generation) => Generation(word) == generation && (word & (PhaseMask | Locked)) == (long)SlotPhase.Running;

    /// <summary>Returns the unlocked word after a change.</summary>
    public static long Changed(long word, SlotPhase phase) =>
        (word & ~(ChangeMask | PhaseMask | Locked)) | ((word + OneChange) & ChangeMask) | (long)phase;
}
