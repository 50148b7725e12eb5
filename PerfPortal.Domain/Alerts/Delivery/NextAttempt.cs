namespace PerfPortal.Domain.Alerts.Delivery;

/// <summary>When a message is tried next.</summary>
/// <param name="At">When, UTC; <see langword="null"/> when it is finished, or waits for an earlier message.</param>
/// <param name="WaitsForKey">The key of the earlier message to the same receiver that it waits for; <see langword="null"/> when it waits for none.</param>
/// <param name="Reason">Why it waits for that message, one sentence; <see langword="null"/> when it waits for none.</param>
public sealed record NextAttempt(DateTimeOffset? At, string? WaitsForKey = null, string? Reason = null)
{
    private const string SameGroup = "It waits until an earlier message about the same group has arrived or was given up.";
    private const string Unavailable = "The receiver is not available: it waits until an earlier message to the receiver is tried again.";

    /// <summary>Says when a message is tried next, as the dispatcher decides it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="unfinished">The messages that are not finished; those of other receivers are ignored.</param>
    /// <param name="now">The present, UTC.</param>
    public static NextAttempt Of(AlertDelivery message, IEnumerable<AlertDelivery> unfinished, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(unfinished);
        if (message.State != DeliveryState.Waiting)
        {
            return new((DateTimeOffset?)null);
        }

        var others = unfinished.Where(other => other.ReceiverId == message.ReceiverId && other.Message.Key != message.Message.Key).ToList();
        if (others.Where(other => other.Message.GroupKey == message.Message.GroupKey && IsBefore(other, message)).MinBy(other => other.Message.ComposedAt) is { } first)
        {
            return new(null, first.Message.Key, SameGroup);
        }

        // After a receiver could not be reached, nothing is tried until the message that found out is due again.
        var blocking = others.Where(other => other.Outcome == DeliveryOutcome.Unavailable && other.NextAttemptAt > now && other.NextAttemptAt > message.NextAttemptAt)
            .MaxBy(other => other.LastAttemptAt);
        return blocking is not null && !(message.LastAttemptAt > blocking.LastAttemptAt)
            ? new(null, blocking.Message.Key, Unavailable)
            : new(message.NextAttemptAt > now ? message.NextAttemptAt : now);
    }

    private static bool IsBefore(AlertDelivery one, AlertDelivery other) =>
        one.Message.ComposedAt < other.Message.ComposedAt
        || (one.Message.ComposedAt == other.Message.ComposedAt && string.CompareOrdinal(one.Message.Key, other.Message.Key) < 0);
}
