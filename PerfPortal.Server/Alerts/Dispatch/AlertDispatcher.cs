using System.Collections.Concurrent;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;

namespace PerfPortal.Server.Alerts.Dispatch;

/// <summary>How delivery is doing.</summary>
/// <param name="Waiting">The number of messages that are not finished.</param>
/// <param name="OldestWaiting">When the oldest of them was composed, UTC.</param>
/// <param name="Failing">The receivers that did not accept their last message.</param>
internal sealed record DeliveryStatus(int Waiting, DateTimeOffset? OldestWaiting, IReadOnlyList<FailingReceiver> Failing);

/// <summary>
/// Takes changes of alerts from the outbox to the receivers. Every step is stored before the next one begins, so that after a crash at any point a message is sent once more, with the
/// same key, rather than never. Receivers do not wait for each other. Runs one at a time.
/// </summary>
internal sealed class AlertDispatcher(
    IDeliveryStore store, IAlertStore alertStore, Func<CancellationToken, ValueTask<AlertBook>> readBook, IAlertSender sender, Uri? portalUrl, TimeProvider time, ILogger<AlertDispatcher> logger) : IDisposable
{
    private const int MaxEntries = 2_000;
    private const int MaxAtOnce = 16;

    // Longer than the longest interval between repetitions.
    private static readonly TimeSpan Memory = TimeSpan.FromDays(30);

    private readonly SemaphoreSlim _slots = new(MaxAtOnce);
    private readonly ConcurrentDictionary<string, ReceiverQueue> _queues = [];
    private readonly DeliveryResults _results = new(store, logger);
    private DeliveryBook? _book;
    private PlanBasis? _planned;

    /// <summary>How delivery is doing.</summary>
    public DeliveryStatus Status
    {
        get
        {
            var unfinished = Volatile.Read(ref _book)?.Unfinished ?? [];
            return new(
                unfinished.Count, unfinished.Count == 0 ? null : unfinished.Min(delivery => delivery.Message.ComposedAt), [.. _queues.Values.Select(queue => queue.Failing).OfType<FailingReceiver>()]);
        }
    }

    /// <summary>Composes and stores the messages that are due, and starts to send those that wait. Exceptions of the store propagate; the next run goes on from what is stored.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _results.SaveLateAsync(cancellationToken).ConfigureAwait(false);
            var book = _book ??= await LoadAsync(cancellationToken).ConfigureAwait(false);
            var receivers = await store.ReadReceiversAsync(cancellationToken).ConfigureAwait(false);
            await ComposeAsync(book, receivers, cancellationToken).ConfigureAwait(false);
            await GiveUpOrphansAsync(book, receivers, cancellationToken).ConfigureAwait(false);
            StartSending(book, receivers, cancellationToken);
        }
        catch
        {
            // What the failed step did to the store is not known.
            _book = null;
            _planned = null;
            throw;
        }
    }

    /// <summary>Waits until nothing is being sent.</summary>
    public Task WhenIdleAsync() => Task.WhenAll(_queues.Values.Select(queue => queue.Run));

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    private async Task<DeliveryBook> LoadAsync(CancellationToken cancellationToken)
    {
        // What is being sent must finish first, so that it is not sent twice.
        await WhenIdleAsync().ConfigureAwait(false);
        await _results.SaveLateAsync(cancellationToken).ConfigureAwait(false);
        var now = time.GetUtcNow();
        return new(
            await store.ReadUnfinishedAsync(cancellationToken).ConfigureAwait(false), await store.ReadLatestAsync(now - Memory, cancellationToken).ConfigureAwait(false),
            await store.ReadComposedAsync(now - TimeSpan.FromHours(1), cancellationToken).ConfigureAwait(false));
    }

    private async Task ComposeAsync(DeliveryBook book, IReadOnlyList<AlertReceiver> receivers, CancellationToken cancellationToken)
    {
        var outbox = await store.ReadOutboxAsync(MaxEntries, cancellationToken).ConfigureAwait(false);
        if (receivers.Count == 0 && outbox.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow();
        var known = await readBook(cancellationToken).ConfigureAwait(false);
        if (_planned is { } planned && outbox.Count == 0 && planned.IsCurrent(known, receivers, book, now))
        {
            return;
        }

        book.Forget(receivers.Select(receiver => receiver.Id).ToHashSet().Contains, now - Memory);
        var plan = DispatchPlanner.Plan(new()
        {
            Outbox = outbox,
            Unfinished = book.Unfinished,
            Latest = book.Latest,
            Composed = book.Composed(now),
            Alerts = await ReadAlertsAsync(known, outbox, cancellationToken).ConfigureAwait(false),
            Receivers = receivers,
            PortalUrl = portalUrl,
            Now = now,
        });
        foreach (var (delivery, outboxIds) in plan.Messages)
        {
            await store.ComposeAsync(delivery, outboxIds, cancellationToken).ConfigureAwait(false);
            book.Add(delivery);
        }

        if (plan.DroppedIds.Count > 0)
        {
            await store.RemoveOutboxAsync(plan.DroppedIds, cancellationToken).ConfigureAwait(false);
        }

        _planned = new(known, [.. receivers.Select(receiver => (receiver.Id, receiver.Version))], book.Unfinished.Count, plan.NextAt);
    }

    /// <summary>The active alerts, and those that entries are about.</summary>
    private async Task<Dictionary<string, Alert>> ReadAlertsAsync(AlertBook known, IReadOnlyList<OutboxEntry> outbox, CancellationToken cancellationToken)
    {
        var alerts = known.Current.Where(alert => alert.State.IsActive()).ToDictionary(alert => alert.Id);
        foreach (string id in outbox.Select(entry => entry.AlertId).Distinct())
        {
            if (!alerts.ContainsKey(id) && (known.Find(id) ?? await alertStore.FindAsync(id, cancellationToken).ConfigureAwait(false)) is { } alert)
            {
                alerts[id] = alert;
            }
        }

        return alerts;
    }

    private async Task GiveUpOrphansAsync(DeliveryBook book, IReadOnlyList<AlertReceiver> receivers, CancellationToken cancellationToken)
    {
        var byId = receivers.ToDictionary(receiver => receiver.Id);
        foreach (var delivery in book.Unfinished.Where(delivery => !byId.TryGetValue(delivery.ReceiverId, out var receiver) || !receiver.IsEnabled))
        {
            if (_queues.TryGetValue(delivery.ReceiverId, out var queue) && !queue.Run.IsCompleted)
            {
                continue;
            }

            bool isKnown = byId.TryGetValue(delivery.ReceiverId, out var receiver);
            var after = delivery with { State = DeliveryState.GivenUp, FinishedAt = time.GetUtcNow(), Answer = isKnown ? "The receiver is switched off." : "The receiver was removed." };
            await store.SaveAsync(after, DeliveryEvents.Of(after, receiver?.Name ?? "A removed receiver"), cancellationToken).ConfigureAwait(false);
            book.Replace(after);
        }

        foreach (string id in _queues.Keys.Where(id => !byId.ContainsKey(id) && _queues[id].Run.IsCompleted).ToList())
        {
            _queues.TryRemove(id, out _);
        }
    }

    private void StartSending(DeliveryBook book, IReadOnlyList<AlertReceiver> receivers, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var receiver in receivers.Where(receiver => receiver.IsEnabled))
        {
            var queue = _queues.GetOrAdd(receiver.Id, id => new(id));
            if (queue.HasWork(book, receiver, now))
            {
                queue.Run = Task.Run(() => SendAsync(queue, book, receiver, cancellationToken), CancellationToken.None);
            }
        }
    }

    private async Task SendAsync(ReceiverQueue queue, DeliveryBook book, AlertReceiver receiver, CancellationToken cancellationToken)
    {
        try
        {
            await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await queue.SendAsync(book, receiver, sender, delivery => _results.SaveAsync(delivery, receiver.Name, cancellationToken), time, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _slots.Release();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The message is unfinished, and is sent after the next start.
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Sending to the receiver {Receiver} failed; retrying.", receiver.Name);
        }
    }

    /// <summary>What the last plan was made of: while nothing of it changes and nothing becomes due, another plan would find nothing.</summary>
    private sealed record PlanBasis(AlertBook Alerts, IReadOnlyList<(string Id, long Version)> Receivers, int Unfinished, DateTimeOffset? NextAt)
    {
        public bool IsCurrent(AlertBook alerts, IReadOnlyList<AlertReceiver> receivers, DeliveryBook book, DateTimeOffset now) =>
            ReferenceEquals(alerts, Alerts) && !(now >= NextAt) && book.Unfinished.Count == Unfinished && receivers.Select(receiver => (receiver.Id, receiver.Version)).SequenceEqual(Receivers);
    }
}
