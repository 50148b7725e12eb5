namespace PerfPortal.Domain.Alerts.Delivery;

/// <summary>What is known when messages are planned.</summary>
public sealed record DispatchInput
{
    /// <summary>The oldest entries of the outbox.</summary>
    public required IReadOnlyList<OutboxEntry> Outbox { get; init; }

    /// <summary>The messages that are not finished.</summary>
    public required IReadOnlyList<AlertDelivery> Unfinished { get; init; }

    /// <summary>The latest message of each group of each receiver, finished or not.</summary>
    public required IReadOnlyList<AlertDelivery> Latest { get; init; }

    /// <summary>The messages that were composed within the last hour.</summary>
    public required IReadOnlyCollection<ComposedMessage> Composed { get; init; }

    /// <summary>The alerts that are active, and those that entries are about; by ID.</summary>
    public required IReadOnlyDictionary<string, Alert> Alerts { get; init; }

    /// <summary>The receivers.</summary>
    public required IReadOnlyList<AlertReceiver> Receivers { get; init; }

    /// <summary>The portal's public address, for links.</summary>
    public Uri? PortalUrl { get; init; }

    /// <summary>The present, UTC.</summary>
    public required DateTimeOffset Now { get; init; }
}

/// <summary>A message to store and then send.</summary>
/// <param name="Delivery">The message; its first attempt is due now.</param>
/// <param name="OutboxIds">The entries that it covers.</param>
public sealed record PlannedMessage(AlertDelivery Delivery, IReadOnlyList<long> OutboxIds);

/// <summary>What to do now.</summary>
/// <param name="Messages">The messages to compose, in the order in which receivers get them.</param>
/// <param name="DroppedIds">The entries of the outbox about which nothing will be sent.</param>
/// <param name="NextAt">When something else becomes due, UTC; <see langword="null"/> when nothing is foreseen.</param>
public sealed record DispatchPlan(IReadOnlyList<PlannedMessage> Messages, IReadOnlyList<long> DroppedIds, DateTimeOffset? NextAt);
