using PerfPortal.Domain.Alerts.Delivery;

namespace PerfPortal.Server.Alerts.Dispatch;

/// <summary>A receiver that does not accept messages at present.</summary>
/// <param name="ReceiverId">The receiver.</param>
/// <param name="Name">Its name.</param>
/// <param name="Since">Since when, UTC.</param>
/// <param name="Answer">What it answered last, or why it could not be reached.</param>
internal sealed record FailingReceiver(string ReceiverId, string Name, DateTimeOffset Since, string Answer);

/// <summary>
/// Sends the messages of one receiver, one after the other. When the receiver is not available, all of its messages wait until the oldest one is due again; a message that it could not
/// handle waits alone.
/// </summary>
internal sealed class ReceiverQueue(string receiverId)
{
    /// <summary>The maximum number of messages in one run; a receiver that returns gets the others in the next runs, so that they do not arrive all at once.</summary>
    public const int MaxPerRun = 5;

    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;
    private long _version = -1;

    /// <summary>The run in progress, or the last one.</summary>
    public Task Run { get; set; } = Task.CompletedTask;

    /// <summary>The failure of the receiver, if its last message was not accepted.</summary>
    public FailingReceiver? Failing { get; private set; }

    /// <summary>Whether a message can be sent now.</summary>
    public bool HasWork(DeliveryBook book, AlertReceiver receiver, DateTimeOffset now) =>
        Run.IsCompleted && (now >= _pausedUntil || receiver.Version != _version) && NextOf(book, now) is not null;

    /// <summary>Sends what is due.</summary>
    /// <param name="book">The messages.</param>
    /// <param name="receiver">The receiver.</param>
    /// <param name="sender">Sends one message.</param>
    /// <param name="save">Stores the result of an attempt; does not throw.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task SendAsync(
        DeliveryBook book, AlertReceiver receiver, IAlertSender sender, Func<AlertDelivery, Task> save, TimeProvider time, CancellationToken cancellationToken)
    {
        _version = receiver.Version;
        for (int sent = 0; sent < MaxPerRun && NextOf(book, time.GetUtcNow()) is { } delivery; sent++)
        {
            var answer = await sender.SendAsync(receiver, delivery.Message, cancellationToken).ConfigureAwait(false);
            var after = RetrySchedule.After(delivery, answer, time.GetUtcNow(), Random.Shared.NextDouble());
            book.Replace(after);
            await save(after).ConfigureAwait(false);
            Failing = answer.Outcome == DeliveryOutcome.Accepted ? null : new(receiver.Id, receiver.Name, Failing?.Since ?? time.GetUtcNow(), answer.Text);
            if (answer.Outcome == DeliveryOutcome.Unavailable)
            {
                _pausedUntil = after.State == DeliveryState.Waiting ? after.NextAttemptAt : time.GetUtcNow() + RetrySchedule.Longest;
                return;
            }
        }
    }

    private AlertDelivery? NextOf(DeliveryBook book, DateTimeOffset now) =>
        DispatchPlanner.Due(book.Unfinished.Where(delivery => delivery.ReceiverId == receiverId), now).FirstOrDefault();
}
