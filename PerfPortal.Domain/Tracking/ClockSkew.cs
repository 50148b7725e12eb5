using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Tracking;

/// <summary>
/// Determines the times of an operation of which a client stated only one. A client whose clock is wrong states times that do not agree with those of the portal,
/// so start and end must come from the same clock: both from the client, or both from the portal.
/// </summary>
internal static class ClockSkew
{
    /// <summary>The metadata member that records a wrong clock: the seconds by which the client's clock is ahead of the portal's.</summary>
    public const string Member = "clock_skew_seconds";

    /// <summary>A stated start may be this much older than its arrival: the report took that long.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan WorthMarking = TimeSpan.FromSeconds(1);

    /// <summary>Ends an operation now, without a stated end. A stated start that does not agree with its arrival is replaced by the arrival.</summary>
    public static Operation EndNow(Operation operation, DateTimeOffset now)
    {
        var arrival = ArrivalOf(operation);
        var skew = operation.StartTime - arrival.GetValueOrDefault(operation.StartTime);
        return skew > TimeSpan.Zero || skew < -Delay
            ? Mark(operation with { StartTime = arrival!.Value, EndTime = now }, skew, now)
            : operation with { EndTime = now };
    }

    /// <summary>
    /// Ends an operation at a stated time. If the portal assigned its start, an end in the future is attributed to the client's clock; one that is beyond
    /// the accepted range is left for the validator to reject.
    /// </summary>
    public static Operation EndAt(Operation operation, DateTimeOffset end, DateTimeOffset now) =>
        end > now && end <= now + OperationLimits.FutureTolerance && ArrivalOf(operation) == operation.StartTime
        ? Mark(operation with { EndTime = now }, end - now, now)
        : operation with { EndTime = end };

    /// <summary>When the start arrived; it equals the start time only if the portal assigned that.</summary>
    private static DateTimeOffset? ArrivalOf(Operation operation) =>
        operation.Events is [{ Kind: OperationReports.Started } first, ..] ? first.At : null;

    private static Operation Mark(Operation operation, TimeSpan skew, DateTimeOffset now)
    {
        if (skew.Duration() < WorthMarking)
        {
            return operation;
        }

        double seconds = Math.Round(skew.TotalSeconds, 3);
        var marked = operation.Metadata.Count < OperationLimits.MetadataMembers
            ? operation with { Metadata = operation.Metadata.With([new(Member, MetadataValue.From(seconds))]) }
            : operation;
        return marked.WithEvent(now, "clock_skew", FormattableString.Invariant(
            $"The client's clock is {Math.Abs(seconds):0.###} s {(seconds > 0 ? "ahead of" : "behind")} the portal's; the duration is the one the portal observed."));
    }
}
