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

    /// <summary>The kind of the event that records it too.</summary>
    private const string Event = "clock_skew";

    private static readonly double MaxSeconds = (OperationLimits.Latest - OperationLimits.Earliest).TotalSeconds;
    private static readonly TimeSpan WorthMarking = TimeSpan.FromSeconds(1);

    /// <summary>Ends an operation now, without a stated end. A stated start that does not agree with its arrival is replaced by the arrival.</summary>
    public static Operation EndNow(Operation operation, DateTimeOffset now)
    {
        var start = (operation with { EndTime = null }).RunningSince();
        return Mark(operation with { StartTime = start, EndTime = now }, operation.StartTime - start, now);
    }

    /// <summary>
    /// Ends an operation at a stated time. If the portal assigned its start, an end in the future is attributed to the client's clock; one that is beyond
    /// the accepted range is left for the validator to reject.
    /// </summary>
    public static Operation EndAt(Operation operation, DateTimeOffset end, DateTimeOffset now) =>
        end > now && end <= now + OperationLimits.FutureTolerance && operation.StartArrival() == operation.StartTime
        ? Mark(operation with { EndTime = now }, end - now, now)
        : operation with { EndTime = end };

    /// <summary>
    /// Returns an abandoned operation that reports again with the start that the client stated: the client may still state the end, which that start belongs to.
    /// </summary>
    public static Operation WithStatedStart(Operation abandoned) =>
        abandoned.Events.Any(happened => happened.Kind == Event) && abandoned.StartArrival() == abandoned.StartTime
        && abandoned.Metadata[Member].Numeric is { } seconds && Math.Abs(seconds) <= MaxSeconds
            ? abandoned with
            {
                StartTime = abandoned.StartTime + Microseconds.FromSeconds(seconds),
                Metadata = abandoned.Metadata.With([new(Member, default)]),
                Events = [.. abandoned.Events.Where(happened => happened.Kind != Event)],
            }
            : abandoned;

    private static Operation Mark(Operation operation, TimeSpan skew, DateTimeOffset now)
    {
        if (skew.Duration() < WorthMarking)
        {
            return operation;
        }

        double seconds = Math.Round(skew.TotalSeconds, 6);
        var metadata = operation.Metadata.With([new(Member, MetadataValue.From(seconds))]);
        var marked = MetadataSize.Check(metadata) is null ? operation with { Metadata = metadata } : operation;
        return marked.WithEvent(now, Event, FormattableString.Invariant(
            $"The client's clock is {Math.Abs(seconds):0.###} s {(seconds > 0 ? "ahead of" : "behind")} the portal's; the duration is the one the portal observed."));
    }
}
