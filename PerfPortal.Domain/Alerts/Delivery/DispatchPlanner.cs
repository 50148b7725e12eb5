namespace PerfPortal.Domain.Alerts.Delivery;

/// <summary>
/// Decides which messages to compose now: a pure function of the outbox, the alerts, the receivers and the messages so far.
/// </summary>
/// <remarks>
/// <para>A message shows its group as it is: what fires, and what resolved since the last message. While a message of a group is not finished, later changes of the group wait and share
/// the next message, so that a receiver hears about a group in order, and gets one message per group however long it was away.</para>
/// <para>An alert that fired and resolved before a message mentioned it is told once, as resolved, if it lasted as long as the group waits; a shorter one is what that wait is there to
/// hide. This holds for receivers that are not told about resolved alerts too: it is all they hear of it.</para>
/// </remarks>
public static class DispatchPlanner
{
    /// <summary>Plans for all receivers.</summary>
    public static DispatchPlan Plan(DispatchInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var entries = input.Outbox.ToLookup(entry => entry.ReceiverId);
        var receivers = input.Receivers.Where(receiver => receiver.IsEnabled).ToDictionary(receiver => receiver.Id);
        var messages = new List<PlannedMessage>();
        var dropped = new List<long>(input.Outbox.Where(entry => !receivers.ContainsKey(entry.ReceiverId)).Select(entry => entry.Id));
        DateTimeOffset? nextAt = null;
        foreach (var receiver in receivers.Values)
        {
            var plan = new ReceiverPlanner(input, receiver).Plan(entries[receiver.Id]);
            messages.AddRange(plan.Messages);
            dropped.AddRange(plan.DroppedIds);
            nextAt = nextAt < plan.NextAt ? nextAt : plan.NextAt ?? nextAt;
        }

        return new(messages, dropped, nextAt);
    }

    /// <summary>Returns the messages of one receiver that may be sent now, in order: of each group only the oldest.</summary>
    /// <param name="unfinished">The messages of the receiver that are not finished.</param>
    /// <param name="now">The present, UTC.</param>
    public static IEnumerable<AlertDelivery> Due(IEnumerable<AlertDelivery> unfinished, DateTimeOffset now) => unfinished
        .OrderBy(delivery => delivery.Message.ComposedAt).ThenBy(delivery => delivery.Message.Key, StringComparer.Ordinal)
        .DistinctBy(delivery => delivery.Message.GroupKey).Where(delivery => delivery.NextAttemptAt <= now);
}
