using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;

namespace PerfPortal.Server.Alerts.Dispatch;

/// <summary>
/// Posts all firing alerts to every Alertmanager again and again, so that they do not time out there; an Alertmanager that was restarted knows them again within <see cref="Period"/>.
/// The changes themselves go through the outbox.
/// </summary>
internal sealed class AlertmanagerRefresher(IDeliveryStore store, Func<CancellationToken, ValueTask<AlertBook>> readBook, IAlertSender sender, Uri? portalUrl, TimeProvider time, ILogger<AlertmanagerRefresher> logger)
{
    /// <summary>The time between two posts; well below the time after which an Alertmanager drops an alert.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private const int MaxAlerts = 200;
    private readonly HashSet<string> _failing = [];

    /// <summary>Posts once.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var receivers = (await store.ReadReceiversAsync(cancellationToken).ConfigureAwait(false)).Where(receiver => receiver is { IsEnabled: true, Kind: ReceiverKind.Alertmanager }).ToList();
        if (receivers.Count > 0)
        {
            var book = await readBook(cancellationToken).ConfigureAwait(false);
            await Task.WhenAll(receivers.Select(receiver => RefreshAsync(receiver, book, cancellationToken))).ConfigureAwait(false);
        }
    }

    private async Task RefreshAsync(AlertReceiver receiver, AlertBook book, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var active = book.Current.Where(alert => alert.State.IsActive() && alert.MutedBy is null && alert.IsAnnounced && receiver.Receives(alert.Severity, alert.Labels));
        foreach (var part in active.Chunk(MaxAlerts))
        {
            string key = AlertGroups.MessageKey(receiver.Id, "refresh", now);
            var answer = await sender.SendAsync(
                receiver,
                new() { Key = key, GroupKey = "refresh", GroupLabels = new Dictionary<string, string>(), Alerts = [.. part.Select(alert => AlertNotices.Of(alert, portalUrl, now))], ComposedAt = now },
                cancellationToken).ConfigureAwait(false);
            Report(receiver, answer);
            if (answer.Outcome is DeliveryOutcome.Unavailable or DeliveryOutcome.Refused)
            {
                return;
            }
        }
    }

    private void Report(AlertReceiver receiver, DeliveryAnswer answer)
    {
        lock (_failing)
        {
            if (answer.Outcome == DeliveryOutcome.Accepted)
            {
                _failing.Remove(receiver.Id);
            }
            else if (_failing.Add(receiver.Id))
            {
                logger.LogWarning("Firing alerts could not be posted to the Alertmanager {Receiver} again; retrying every minute. {Answer}", receiver.Name, answer.Text);
            }
        }
    }
}
