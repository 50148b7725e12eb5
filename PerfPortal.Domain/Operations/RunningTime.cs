namespace PerfPortal.Domain.Operations;

/// <summary>
/// Determines since when an operation has been running. A client whose clock is wrong states a start that does not agree with its arrival; what the portal observed
/// then counts, while the operation runs and when it ends.
/// </summary>
public static class RunningTime
{
    /// <summary>The kind of the first event of a reported operation; its time is when the start arrived.</summary>
    public const string Started = "started";

    /// <summary>A stated start may be this much older than its arrival: the report took that long.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(2);

    /// <summary>When the start arrived; <see langword="null"/> when it was not reported on its own. It equals the start time if the portal assigned that.</summary>
    public static DateTimeOffset? StartArrival(this Operation operation) =>
        operation.Events is [{ Kind: Started } first, ..] ? first.At : null;

    /// <summary>The start by the portal's clock: the start time, or its arrival when the two do not agree. An ended operation has its final start time.</summary>
    public static DateTimeOffset RunningSince(this Operation operation) =>
        operation.EndTime is null && operation.StartArrival() is { } arrival && (operation.StartTime > arrival || operation.StartTime < arrival - Delay)
            ? arrival
            : operation.StartTime;

    /// <summary>The duration of an ended operation, and how long a running one has been running; never negative.</summary>
    public static TimeSpan RunningFor(this Operation operation, DateTimeOffset now)
    {
        var ran = operation.Duration ?? now - operation.RunningSince();
        return ran < TimeSpan.Zero ? TimeSpan.Zero : ran;
    }
}
