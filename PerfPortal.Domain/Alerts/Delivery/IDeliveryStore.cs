namespace PerfPortal.Domain.Alerts.Delivery;

/// <summary>Stores receivers, the outbox and messages. Thread-safe; exceptions of the database propagate, and nothing is stored then.</summary>
public interface IDeliveryStore
{
    /// <summary>Returns all receivers.</summary>
    Task<IReadOnlyList<AlertReceiver>> ReadReceiversAsync(CancellationToken cancellationToken);

    /// <summary>Adds or replaces a receiver. The secret is stored as given, which is encrypted; <see langword="null"/> keeps the stored one, and an empty one removes it.</summary>
    /// <returns><see langword="false"/>, and nothing is stored, when the stored version is not <paramref name="expectedVersion"/> (0 for a receiver that must not exist).</returns>
    Task<bool> SaveReceiverAsync(AlertReceiver receiver, byte[]? secret, long expectedVersion, CancellationToken cancellationToken);

    /// <summary>Returns the encrypted secret of a receiver, or <see langword="null"/>.</summary>
    Task<byte[]?> ReadSecretAsync(string receiverId, CancellationToken cancellationToken);

    /// <summary>Deletes a receiver with what it has not been told; whether it existed.</summary>
    Task<bool> DeleteReceiverAsync(string id, CancellationToken cancellationToken);

    /// <summary>Returns the oldest entries of the outbox.</summary>
    Task<IReadOnlyList<OutboxEntry>> ReadOutboxAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Stores a composed message and removes the entries of the outbox that it covers, in one transaction.</summary>
    Task ComposeAsync(AlertDelivery delivery, IReadOnlyCollection<long> outboxIds, CancellationToken cancellationToken);

    /// <summary>Removes entries of the outbox about which nothing will be sent.</summary>
    Task RemoveOutboxAsync(IReadOnlyCollection<long> outboxIds, CancellationToken cancellationToken);

    /// <summary>Replaces the state of a message after an attempt, and appends to the history of its alerts, in one transaction.</summary>
    Task SaveAsync(AlertDelivery delivery, IReadOnlyList<AlertEvent> events, CancellationToken cancellationToken);

    /// <summary>Returns the messages that are not finished, oldest first.</summary>
    Task<IReadOnlyList<AlertDelivery>> ReadUnfinishedAsync(CancellationToken cancellationToken);

    /// <summary>Returns the latest message of each group of each receiver that was composed at or after a time, finished or not.</summary>
    Task<IReadOnlyList<AlertDelivery>> ReadLatestAsync(DateTimeOffset composedSince, CancellationToken cancellationToken);

    /// <summary>Returns the messages that were composed at or after a time, as far as budgets count them.</summary>
    Task<IReadOnlyList<ComposedMessage>> ReadComposedAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Returns the message that was delivered last, and the one that was given up last, to every receiver that has one.</summary>
    Task<IReadOnlyList<AlertDelivery>> ReadLastFinishedAsync(CancellationToken cancellationToken);

    /// <summary>Returns messages, the latest first: those to a receiver, about an alert, or all.</summary>
    Task<IReadOnlyList<AlertDelivery>> ReadDeliveriesAsync(string? receiverId, string? alertId, int limit, CancellationToken cancellationToken);
}
