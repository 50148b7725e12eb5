namespace PerfPortal.Domain.Tracking.Lanes;

/// <summary>Where an operation of this process is in its slot's life.</summary>
internal enum SlotPhase : byte
{
    /// <summary>The slot waits for an operation.</summary>
    Free = 0,

    /// <summary>The operation is in progress.</summary>
    Running = 1,

    /// <summary>Its scope ended it; it waits to be collected.</summary>
    Ended = 2,

    /// <summary>Somebody other than its scope is ending it.</summary>
    Claimed = 3,

    /// <summary>Its scope ended it while somebody else was ending it.</summary>
    EndedWhileClaimed = 4,

    /// <summary>The slot belongs to no lane any more, or never did: its scope's end goes to the journal at once.</summary>
    Detached = 5,
}

/// <summary>
/// The word that decides about a slot: phase (bits 0–2), lock (bit 3), a counter of changes (bits 4–31) and the slot's generation
/// (bits 32–63), which grows with every operation that the slot holds. A scope remembers the generation, so one that is stale finds
/// another and does nothing. A reader that finds the same word before and after has read one consistent state.
/// </summary>
internal static class SlotState
{
    /// <summary>The bit that is set while one thread writes into the slot.</summary>
    public const long Locked = 8;

    private const long PhaseMask = 7;
    private const long ChangeMask = 0xFFFF_FFF0;
    private const long OneChange = 16;

    /// <summary>A fresh word.</summary>
    public static long Of(uint generation, SlotPhase phase) => ((long)generation << 32) | (long)phase;

    public static uint Generation(long word) => (uint)(word >>> 32);

    public static SlotPhase Phase(long word) => (SlotPhase)(word & PhaseMask);

    public static bool IsLocked(long word) => (word & Locked) != 0;

    /// <summary>Whether it is this generation's, running, and nobody writes.</summary>
    public static bool IsRunning(long word, uint generation) => Generation(word) == generation && (word & (PhaseMask | Locked)) == (long)SlotPhase.Running;

    /// <summary>The unlocked word after a change.</summary>
    public static long Changed(long word, SlotPhase phase) =>
        (word & ~(ChangeMask | PhaseMask | Locked)) | ((word + OneChange) & ChangeMask) | (long)phase;
}
