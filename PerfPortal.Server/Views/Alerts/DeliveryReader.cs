using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Dispatch;
using PerfPortal.Server.Alerts.Receivers;

namespace PerfPortal.Server.Views.Alerts;

/// <summary>A receiver and how delivery to it is doing.</summary>
/// <param name="Receiver">The receiver.</param>
/// <param name="Health">Whether messages arrive.</param>
public sealed record ReceiverView(AlertReceiver Receiver, ReceiverHealth Health);

/// <summary>A message and when it is tried next.</summary>
/// <param name="Delivery">The message.</param>
/// <param name="Receiver">The name of its receiver.</param>
/// <param name="Next">When it is tried next, or what it waits for.</param>
public sealed record DeliveryView(AlertDelivery Delivery, string Receiver, NextAttempt Next);

/// <summary>Reads receivers and messages for pages and endpoints.</summary>
internal sealed class DeliveryReader(IDeliveryStore store, ReceiverBook receivers, ReceiverTester tester, TimeProvider time)
{
    /// <summary>Returns all receivers by name.</summary>
    public async Task<IReadOnlyList<ReceiverView>> ListReceiversAsync(CancellationToken cancellationToken)
    {
        var all = await receivers.ListAsync(cancellationToken).ConfigureAwait(false);
        return all.Count == 0 ? [] : await JudgeAsync(all, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns a receiver, or <see langword="null"/>.</summary>
    public async Task<ReceiverView?> FindReceiverAsync(string id, CancellationToken cancellationToken) =>
        await receivers.FindAsync(id, cancellationToken).ConfigureAwait(false) is { } receiver ? await JudgeAsync(receiver, cancellationToken).ConfigureAwait(false) : null;

    /// <summary>Judges a receiver.</summary>
    public async Task<ReceiverView> JudgeAsync(AlertReceiver receiver, CancellationToken cancellationToken) => (await JudgeAsync([receiver], cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Returns messages, the latest first: those to a receiver, about an alert, or all.</summary>
    public async Task<IReadOnlyList<DeliveryView>> ListAsync(string? receiverId, string? alertId, int limit, CancellationToken cancellationToken)
    {
        var found = await store.ReadDeliveriesAsync(receiverId, alertId, limit, cancellationToken).ConfigureAwait(false);
        var names = (await store.ReadReceiversAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(receiver => receiver.Id, receiver => receiver.Name);
        bool isAnyWaiting = found.Any(delivery => delivery.State == DeliveryState.Waiting);
        var unfinished = (isAnyWaiting ? await store.ReadUnfinishedAsync(cancellationToken).ConfigureAwait(false) : []).ToLookup(delivery => delivery.ReceiverId);
        var now = time.GetUtcNow();
        return
        [
            .. found.Select(delivery => new DeliveryView(
                delivery, names.GetValueOrDefault(delivery.ReceiverId, "a removed receiver"), NextAttempt.Of(delivery, unfinished[delivery.ReceiverId], now))),
        ];
    }

    private async Task<IReadOnlyList<ReceiverView>> JudgeAsync(IReadOnlyList<AlertReceiver> known, CancellationToken cancellationToken)
    {
        var unfinished = await store.ReadUnfinishedAsync(cancellationToken).ConfigureAwait(false);
        var finished = await store.ReadLastFinishedAsync(cancellationToken).ConfigureAwait(false);
        var messages = unfinished.Concat(finished).ToLookup(message => message.ReceiverId);
        return [.. known.Select(receiver => new ReceiverView(receiver, ReceiverHealth.Of(receiver, messages[receiver.Id], tester.AcceptedAt(receiver.Id))))];
    }
}
