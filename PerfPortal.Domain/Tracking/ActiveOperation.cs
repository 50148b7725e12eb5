using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>An operation in progress: its current state, its progress rate, and the claim to end it.</summary>
public abstract class ActiveOperation
{
    private protected ActiveOperation()
    {
    }

    /// <summary>The state: current for a reported operation, a snapshot from the lookup for an in-process one.</summary>
    public abstract Operation Current { get; }

    /// <summary>Whether it belongs to a scope in this process; such an operation needs no heartbeat.</summary>
    public abstract bool IsInProcess { get; }

    /// <summary>The time of the last heartbeat, for the abandon timeout; downtime of the portal does not count.</summary>
    public abstract DateTimeOffset LastSign { get; }

    /// <summary>The rate and the silence that follow from the progress reports.</summary>
    public abstract ProgressPace Pace { get; }

    /// <summary>The progress rate in units per second and its deviation; <see langword="null"/> before two reports.</summary>
    public RateEstimate? RateAt(DateTimeOffset now) => Pace.RateAt(now);

    /// <summary>How long there has been no progress, if that is unusually long; <see langword="null"/> otherwise, and when everything is done.</summary>
    public TimeSpan? StalledAt(DateTimeOffset now) => Current.Progress is { Fraction: not >= 1 } ? Pace.StalledAt(now) : null;

    /// <summary>Whether the current state is stored.</summary>
    internal abstract bool IsStored { get; }

    /// <summary>Completes when the claim is released, whether or not the operation was ended.</summary>
    internal abstract Task Settled { get; }

    /// <summary>Applies a report of progress or metadata, or a plain heartbeat. It is rejected when the metadata would exceed its limits.</summary>
    internal abstract ReportResult Report(Progress? progress, IEnumerable<KeyValuePair<string, MetadataValue>>? metadata, DateTimeOffset now);

    /// <summary>Excludes time in which the portal did not run; negative when the clock was set back.</summary>
    internal virtual void Skip(TimeSpan missed, DateTimeOffset now)
    {
    }

    /// <summary>States what operations of this name usually achieve, by which a stall is recognised.</summary>
    internal abstract void Expect(UsualPace usual);

    /// <summary>Returns the state to store and marks it as stored; a concurrent report clears the mark.</summary>
    internal abstract Operation TakeToStore();

    /// <summary>Clears the mark after storing failed.</summary>
    internal abstract void NotStored();

    /// <summary>Claims the right to end it. A caller that gets <see langword="null"/> waits for <see cref="Settled"/>.</summary>
    internal abstract Operation? TryClaim();

    /// <summary>Releases the claim; if the operation was not ended, another caller can claim it.</summary>
    internal abstract void Release(bool ended);
}
