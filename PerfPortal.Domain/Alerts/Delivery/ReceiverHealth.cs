namespace PerfPortal.Domain.Alerts.Delivery;

/// <summary>How delivery to one receiver is doing.</summary>
/// <param name="FailingSince">When the oldest of the messages that it has not accepted first failed, UTC; <see langword="null"/> when it accepted every message that was tried, or is switched off.</param>
/// <param name="Waiting">The number of messages that wait for it.</param>
/// <param name="LastAnswer">What it answered to the last attempt, or why it could not be reached; while it is failing, to the last attempt that failed; <see langword="null"/> before the first one.</param>
/// <param name="LastDeliveredAt">When it last accepted a message, UTC.</param>
public sealed record ReceiverHealth(DateTimeOffset? FailingSince, int Waiting, string? LastAnswer, DateTimeOffset? LastDeliveredAt)
{
    /// <summary>Nothing was ever sent.</summary>
    public static ReceiverHealth Unknown { get; } = new(null, 0, null, null);

    /// <summary>Whether messages do not arrive.</summary>
    public bool IsFailing => FailingSince is not null;

    /// <summary>Judges a receiver by its messages.</summary>
    /// <param name="receiver">The receiver.</param>
    /// <param name="messages">At least its messages that are not finished, and those that were delivered and given up last. Messages of others are ignored.</param>
    /// <param name="testAcceptedAt">When it last accepted a test, UTC: a message given up before then no longer counts against it.</param>
    public static ReceiverHealth Of(AlertReceiver receiver, IEnumerable<AlertDelivery> messages, DateTimeOffset? testAcceptedAt = null)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        var tried = messages.Where(message => message.ReceiverId == receiver.Id).ToList();
        int waiting = tried.Count(message => message.State == DeliveryState.Waiting);
        tried.RemoveAll(message => message.Attempts == 0);
        var delivered = tried.Where(message => message.State == DeliveryState.Delivered).Max(message => message.FinishedAt);
        var good = delivered > testAcceptedAt ? delivered : testAcceptedAt ?? delivered;
        var failing = !receiver.IsEnabled
            ? []
            : tried.Where(message => message.State == DeliveryState.Waiting || (message.State == DeliveryState.GivenUp && !(message.FinishedAt <= good))).ToList();
        var last = (failing.Count > 0 ? failing : tried).MaxBy(AttemptedAt);
        return new(failing.Count == 0 ? null : failing.Min(message => message.FirstFailedAt ?? message.Message.ComposedAt), waiting, last?.Answer, delivered);
    }

    /// <summary>Messages that were stored by earlier versions do not know when they were tried.</summary>
    private static DateTimeOffset AttemptedAt(AlertDelivery message) => message.LastAttemptAt ?? message.FinishedAt ?? message.Message.ComposedAt;
}
