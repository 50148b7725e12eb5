namespace PerfPortal.Domain.Advice;

/// <summary>
/// The metadata members, beside the known facts, by which components report what advice learns from. Any program may report them.
/// </summary>
public static class AdviceFacts
{
    /// <summary>Whether the operation used advice: <see cref="Advised"/>, <see cref="Default"/> or <see cref="Trial"/>. The first two decide whether advice helps.</summary>
    public const string Arm = "advice";

    /// <summary>The value of <see cref="Arm"/> of an operation that followed learned advice.</summary>
    public const string Advised = "advised";

    /// <summary>The value of <see cref="Arm"/> of an operation that used the safe defaults, by chance or because nothing was learned.</summary>
    public const string Default = "default";

    /// <summary>The value of <see cref="Arm"/> of an operation that tried a level that has not been measured enough: an experiment, which belongs to neither side of the comparison.</summary>
    public const string Trial = "trial";

    /// <summary>
    /// Download: the parallel connections that it was to use, whether advised, on trial or the default, or as many as its files have pieces for, if those are fewer. What connections are learned from: the number
    /// that happened to be open does not tell what was chosen.
    /// </summary>
    public const string Connections = "connections";

    /// <summary>Download: the most connections that were open at the same time. Nothing is learned from it.</summary>
    public const string ConnectionsPeak = "connections_peak";

    /// <summary>Download: the files that it was to load at the same time, or all if those are fewer.</summary>
    public const string Concurrency = "concurrency";

    /// <summary>
    /// Download: the files loaded. With two or more, the speed of the operation is that of all of them; without this, each file is taken to be an operation of its own.
    /// </summary>
    public const string Files = "files";

    /// <summary>Download: the bytes received and thrown away.</summary>
    public const string BytesWasted = "bytes_wasted";

    /// <summary>
    /// Download: the retries in order, at most 20, as <c>category delay outcome</c> separated by <c>;</c>, with the delay in seconds and <c>ok</c> or <c>failed</c>:
    /// <c>network 1.5 failed; network 3 ok</c>.
    /// </summary>
    public const string Retries = "retries";

    /// <summary>Download: the longest time without progress after which bytes came again in the same attempt, in seconds. What the timeout is learned from.</summary>
    public const string LongestStall = "longest_stall_seconds";

    /// <summary>Download: <c>true</c> when it repaired files that were there. Most of its time goes into copying and hashing them, so nothing is learned from its speed.</summary>
    public const string Repair = "repair";

    /// <summary>Health check: <c>full</c> when every byte was read, <c>sampled</c> otherwise.</summary>
    public const string Check = "check";

    /// <summary>Health check: <see cref="Schedule"/> when it was due, <see cref="Request"/> when somebody asked for it. Only what was due shows what an advised interval costs.</summary>
    public const string Trigger = "trigger";

    /// <summary>The value of <see cref="Trigger"/> of a check that was due.</summary>
    public const string Schedule = "schedule";

    /// <summary>The value of <see cref="Trigger"/> of a check that somebody asked for.</summary>
    public const string Request = "request";

    /// <summary>
    /// Fallback: the alternatives tried in order, at most 20, as <c>name seconds outcome</c> separated by <c>;</c>. Spaces and semicolons in names are percent-encoded.
    /// </summary>
    public const string Attempts = "attempts";

    /// <summary>Fallback: the seconds spent on alternatives that failed.</summary>
    public const string SecondsLost = "seconds_lost";
}
