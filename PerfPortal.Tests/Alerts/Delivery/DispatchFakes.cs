using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Dispatch;

namespace PerfPortal.Tests.Alerts.Delivery;

/// <summary>The process is killed.</summary>
internal sealed class KilledException() : Exception("The process was killed.");

/// <summary>Counts the steps of delivery, and kills the process before or after one of them.</summary>
internal sealed class Killer
{
    private int _step;

    /// <summary>The step at which the process is killed: 2n before step n, 2n + 1 after it; negative for never.</summary>
    public int KillAt { get; set; } = -1;

    /// <summary>The number of steps so far.</summary>
    public int Steps => _step;

    public bool IsKilled { get; private set; }

    /// <summary>Runs a step.</summary>
    public async Task<T> StepAsync<T>(Func<Task<T>> work)
    {
        int step = _step++;
        Check(2 * step);
        var result = await work();
        Check((2 * step) + 1);
        return result;
    }

    public Task StepAsync(Action work) => StepAsync(() =>
    {
        work();
        return Task.FromResult(true);
    });

    /// <summary>Begins another life, in which nobody is killed.</summary>
    public void Revive() => (IsKilled, KillAt, _step) = (false, -1, 0);

    private void Check(int point)
    {
        // What is dead does nothing more.
        if (IsKilled || point == KillAt)
        {
            IsKilled = true;
            throw new KilledException();
        }
    }
}

/// <summary>Keeps receivers, outbox and messages in memory, which survives a killed process.</summary>
internal sealed class MemoryDeliveryStore(Killer? killer = null) : IDeliveryStore
{
    private readonly Killer _killer = killer ?? new();
    private readonly Lock _lock = new();
    private long _lastId;

    public List<AlertReceiver> Receivers { get; } = [];

    public List<OutboxEntry> Outbox { get; } = [];

    public Dictionary<string, AlertDelivery> Deliveries { get; } = [];

    public List<AlertEvent> Events { get; } = [];

    public Exception? SaveFails { get; set; }

    public void Add(Alert alert, string receiver) => Outbox.Add(Messages.Entry(++_lastId, alert, receiver));

    public Task<IReadOnlyList<AlertReceiver>> ReadReceiversAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AlertReceiver>>([.. Receivers]);

    public Task<bool> SaveReceiverAsync(AlertReceiver receiver, byte[]? secret, long expectedVersion, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<byte[]?> ReadSecretAsync(string receiverId, CancellationToken cancellationToken) => Task.FromResult<byte[]?>(null);

    public Task<bool> DeleteReceiverAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<OutboxEntry>> ReadOutboxAsync(int limit, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<OutboxEntry>>([.. Outbox.Take(limit)]);
        }
    }

    public Task ComposeAsync(AlertDelivery delivery, IReadOnlyCollection<long> outboxIds, CancellationToken cancellationToken) => _killer.StepAsync(() =>
    {
        lock (_lock)
        {
            Deliveries.Add(delivery.Message.Key, delivery);
            Outbox.RemoveAll(entry => outboxIds.Contains(entry.Id));
        }
    });

    public Task RemoveOutboxAsync(IReadOnlyCollection<long> outboxIds, CancellationToken cancellationToken) => _killer.StepAsync(() =>
    {
        lock (_lock)
        {
            Outbox.RemoveAll(entry => outboxIds.Contains(entry.Id));
        }
    });

    public Task SaveAsync(AlertDelivery delivery, IReadOnlyList<AlertEvent> events, CancellationToken cancellationToken) => SaveFails is { } exception
        ? Task.FromException(exception)
        : _killer.StepAsync(() =>
        {
            lock (_lock)
            {
                Deliveries[delivery.Message.Key] = delivery;
                Events.AddRange(events);
            }
        });

    public Task<IReadOnlyList<AlertDelivery>> ReadUnfinishedAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AlertDelivery>>([.. Deliveries.Values.Where(delivery => delivery.State == DeliveryState.Waiting)]);

    public Task<IReadOnlyList<AlertDelivery>> ReadLatestAsync(DateTimeOffset composedSince, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AlertDelivery>>(
        [.. Deliveries.Values.GroupBy(delivery => (delivery.ReceiverId, delivery.Message.GroupKey)).Select(group => group.MaxBy(delivery => delivery.Message.ComposedAt)!)]);

    public Task<IReadOnlyList<ComposedMessage>> ReadComposedAsync(DateTimeOffset since, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ComposedMessage>>(
        [.. Deliveries.Values.Select(delivery => new ComposedMessage(delivery.ReceiverId, delivery.Message.ComposedAt, delivery.Message.IsDigest))]);

    public Task<IReadOnlyList<AlertDelivery>> ReadLastFinishedAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AlertDelivery>>(
        [.. Deliveries.Values.Where(delivery => delivery.FinishedAt is not null).GroupBy(delivery => (delivery.ReceiverId, delivery.State)).Select(group => group.MaxBy(delivery => delivery.FinishedAt)!)]);

    public Task<IReadOnlyList<AlertDelivery>> ReadDeliveriesAsync(string? receiverId, string? alertId, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AlertDelivery>>([.. Deliveries.Values]);
}

/// <summary>Receives messages, and answers as a test asks for.</summary>
internal sealed class FakeSender(Killer? killer = null) : IAlertSender
{
    private readonly Killer _killer = killer ?? new();
    private readonly Lock _lock = new();

    public List<(string Receiver, AlertMessage Message)> Received { get; } = [];

    /// <summary>The answer, by receiver and message; accepted by default.</summary>
    public Func<string, AlertMessage, DeliveryAnswer> Answer { get; set; } = (_, _) => new(DeliveryOutcome.Accepted, "200 OK", 200);

    /// <summary>Receivers that do not answer until this is completed.</summary>
    public Dictionary<string, Task> Slow { get; } = [];

    /// <summary>The number of attempts, accepted or not.</summary>
    public int Attempts { get; private set; }

    public Task<DeliveryAnswer> SendAsync(AlertReceiver receiver, AlertMessage message, CancellationToken cancellationToken) => _killer.StepAsync(async () =>
    {
        if (Slow.TryGetValue(receiver.Id, out var wait))
        {
            await wait;
        }

        var answer = Answer(receiver.Id, message);
        lock (_lock)
        {
            Attempts++;
            if (answer.Outcome == DeliveryOutcome.Accepted)
            {
                Received.Add((receiver.Id, message));
            }
        }

        return answer;
    });
}
