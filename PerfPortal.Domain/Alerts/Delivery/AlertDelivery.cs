namespace PerfPortal.Domain.Alerts.Delivery;

/// <summary>Where a message is on its way. The numeric values are stored; append, never renumber.</summary>
/// <remarks>Wire names are the snake_case names.</remarks>
public enum DeliveryState : byte
{
    /// <summary>It waits for its first attempt, or for another one.</summary>
    Waiting = 1,

    /// <summary>The receiver accepted it.</summary>
    Delivered = 2,

    /// <summary>It was given up.</summary>
    GivenUp = 3,
}

/// <summary>A message to one receiver and the attempts to deliver it. Immutable.</summary>
public sealed record AlertDelivery
{
    /// <summary>The receiver.</summary>
    public required string ReceiverId { get; init; }

    /// <summary>The message; its key identifies the delivery.</summary>
    public required AlertMessage Message { get; init; }

    /// <summary>The state.</summary>
    public DeliveryState State { get; init; } = DeliveryState.Waiting;

    /// <summary>The number of attempts.</summary>
    public int Attempts { get; init; }

    /// <summary>When the next attempt is due, UTC.</summary>
    public DateTimeOffset NextAttemptAt { get; init; }

    /// <summary>When the last attempt ended, UTC; <see langword="null"/> before the first one.</summary>
    public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>When an attempt first failed, UTC; <see langword="null"/> while none has.</summary>
    public DateTimeOffset? FirstFailedAt { get; init; }

    /// <summary>What the last attempt led to; <see langword="null"/> before the first one.</summary>
    public DeliveryOutcome? Outcome { get; init; }

    /// <summary>When the receiver accepted it or it was given up, UTC.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>What the receiver answered last, or why it could not be reached; without secrets.</summary>
    public string? Answer { get; init; }
}
