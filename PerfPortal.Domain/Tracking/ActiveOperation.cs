using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>An operation in progress: its present state, how fast it goes, and who may end it.</summary>
public abstract class ActiveOperation
{
    private protected ActiveOperation()
    {
    }

    /// <summary>Its state: of a reported one as it is now, of one of this process as it was when it was looked up.</summary>
    public abstract Operation Current { get; }

    /// <summary>Whether a scope in this process holds it; such a one needs no heartbeat.</summary>
    public abstract bool IsInProcess { get; }

    /// <summary>When it last gave a sign of life, as far as silence is counted: time in which the portal was down is not silence.</summary>
    public abstract DateTimeOffset LastSign { get; }

    /// <summary>How fast it goes, in units of its progress a second, and how much that varies; <see langword="null"/> before two reports.</summary>
    public abstract RateEstimate? Rate { get; }

    /// <summary>Whether it was stored as it is now.</summary>
    internal abstract bool IsStored { get; }

    /// <summary>Completes when the one who claimed it is done, well or not.</summary>
    internal abstract Task Settled { get; }

    /// <summary>Takes a report of progress, further metadata, or a mere heartbeat.</summary>
    internal abstract Operation Report(Progress? progress, IEnumerable<KeyValuePair<string, MetadataValue>>? metadata, DateTimeOffset now);

    /// <summary>Its state, to be stored; a report that comes meanwhile makes it not stored again.</summary>
    internal abstract Operation TakeToStore();

    /// <summary>What was taken to be stored was not.</summary>
    internal abstract void NotStored();

    /// <summary>Claims the right to end it. Who gets <see langword="null"/> waits for <see cref="Settled"/>.</summary>
    internal abstract Operation? TryClaim();

    /// <summary>The claim is done; when it failed, the next one may claim.</summary>
    internal abstract void Release(bool ended);
}
