namespace PerfPortal.Domain.Alerts;

/// <summary>What happened to an alert. The numeric values are stored; append, never renumber.</summary>
public enum AlertEventKind : byte
{
    /// <summary>The state changed.</summary>
    State = 1,

    /// <summary>Somebody acknowledged it.</summary>
    Acknowledged = 2,

    /// <summary>Somebody withdrew the acknowledgement.</summary>
    Unacknowledged = 3,

    /// <summary>It was muted.</summary>
    Muted = 4,

    /// <summary>It is no longer muted.</summary>
    Unmuted = 5,

    /// <summary>A receiver accepted a message about it.</summary>
    Delivered = 6,

    /// <summary>A message about it was given up.</summary>
    DeliveryFailed = 7,
}

/// <summary>An entry in the history of an alert.</summary>
/// <param name="AlertId">The alert.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Kind">What.</param>
/// <param name="State">The state after it.</param>
/// <param name="Text">One sentence.</param>
/// <param name="By">Who did it; <see langword="null"/> for the portal.</param>
public sealed record AlertEvent(string AlertId, DateTimeOffset At, AlertEventKind Kind, AlertState State, string Text, string? By = null);
