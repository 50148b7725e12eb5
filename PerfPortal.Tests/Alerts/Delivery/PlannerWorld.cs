using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;

namespace PerfPortal.Tests.Alerts.Delivery;

/// <summary>Applies plans to an outbox and messages in memory.</summary>
internal sealed class PlannerWorld
{
    private readonly Dictionary<string, Alert> _alerts = [];
    private readonly List<AlertDelivery> _deliveries = [];
    private long _lastId;

    public List<AlertReceiver> Receivers { get; init; } = [];

    public List<OutboxEntry> Outbox { get; } = [];

    public IReadOnlyList<AlertDelivery> Deliveries => _deliveries;

    public Alert Fire(Alert alert, DateTimeOffset? at = null)
    {
        _alerts[alert.Id] = alert;
        Outbox.AddRange(Receivers.Select(receiver => Messages.Entry(++_lastId, alert, receiver.Id, at)));
        return alert;
    }

    public void Resolve(string source, DateTimeOffset at)
    {
        var alert = _alerts.Values.Last(alert => alert.Subject.Source == source && alert.State.IsActive()).Resolved(at);
        _alerts[alert.Id] = alert;
        Outbox.AddRange(Receivers.Select(receiver => Messages.Entry(++_lastId, alert, receiver.Id)));
    }

    public void Change(Alert alert) => _alerts[alert.Id] = alert;

    public DispatchPlan Plan(DateTimeOffset now) => DispatchPlanner.Plan(new()
    {
        Outbox = Outbox,
        Unfinished = [.. _deliveries.Where(delivery => delivery.State == DeliveryState.Waiting)],
        Latest = [.. _deliveries.GroupBy(delivery => (delivery.ReceiverId, delivery.Message.GroupKey)).Select(group => group.MaxBy(delivery => delivery.Message.ComposedAt)!)],
        Composed = [.. _deliveries.Select(delivery => new ComposedMessage(delivery.ReceiverId, delivery.Message.ComposedAt, delivery.Message.IsDigest))],
        Alerts = _alerts,
        Receivers = Receivers,
        Now = now,
    });

    /// <summary>Plans and applies the plan; returns the messages that were composed.</summary>
    public IReadOnlyList<AlertMessage> Run(DateTimeOffset now, bool finish = false)
    {
        var plan = Plan(now);
        foreach (var (delivery, ids) in plan.Messages)
        {
            _deliveries.Add(delivery);
            Outbox.RemoveAll(entry => ids.Contains(entry.Id));
        }

        Outbox.RemoveAll(entry => plan.DroppedIds.Contains(entry.Id));
        if (finish)
        {
            FinishAll();
        }

        return [.. plan.Messages.Select(planned => planned.Delivery.Message)];
    }

    public void FinishAll()
    {
        for (int i = 0; i < _deliveries.Count; i++)
        {
            _deliveries[i] = _deliveries[i] with { State = DeliveryState.Delivered };
        }
    }
}
