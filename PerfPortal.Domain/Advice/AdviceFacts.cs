namespace PerfPortal.Domain.Advice;

/// <summary>
/// The metadata members, beside the known facts, by which components report what advice learns from. Any program may report them.
/// </summary>
public static class AdviceFacts
{
    /// <summary>Whether the operation used advice: <see cref="Advised"/> or <see cref="Default"/>. What decides whether advice helps.</summary>
    public const string Arm = "advice";

    /// <summary>The value of <see cref="Arm"/> of an operation that followed learned advice.</summary>
    public const string Advised = "advised";

    /// <summary>The value of <see cref="Arm"/> of an operation that used the safe defaults, by chance or because nothing was learned.</summary>
    public const string Default = "default";

    /// <summary>Download: the parallel connections used.</summary>
    public const string Connections = "connections";

    /// <summary>Download: the files loaded at the same time.</summary>
    public const string Concurrency = "concurrency";

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

    /// <summary>
    /// Fallback: the alternatives tried in order, at most 20, as <c>name seconds outcome</c> separated by <c>;</c>. Spaces and semicolons in names are percent-encoded.
    /// </summary>
    public const string Attempts = "attempts";

    /// <summary>Fallback: the seconds spent on alternatives that failed.</summary>
    public const string SecondsLost = "seconds_lost";
}
