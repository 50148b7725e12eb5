using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;

namespace PerfPortal.Server.Alerts.Dispatch;

/// <summary>What the history of an alert contains about its messages.</summary>
internal static class DeliveryEvents
{
    /// <summary>The entries for a message that is finished; none while it waits.</summary>
    public static IReadOnlyList<AlertEvent> Of(AlertDelivery delivery, string receiver) => delivery.State switch
    {
        DeliveryState.Delivered => [.. delivery.Message.Alerts.Select(alert => Event(alert, delivery, AlertEventKind.Delivered, $"{receiver} was told{(alert.EndsAt is null ? "" : " that it resolved")}: {delivery.Answer}"))],
        DeliveryState.GivenUp => [.. delivery.Message.Alerts.Select(alert => Event(alert, delivery, AlertEventKind.DeliveryFailed, $"{receiver} could not be told: {delivery.Answer}"))],
        _ => [],
    };

    private static AlertEvent Event(AlertNotice alert, AlertDelivery delivery, AlertEventKind kind, string text) => new(
        alert.AlertId, delivery.FinishedAt ?? delivery.Message.ComposedAt, kind,
        alert.EndsAt is not null ? AlertState.Resolved : alert.HasNoData ? AlertState.NoData : AlertState.Firing, text);
}
