using PerfPortal.Domain.Alerts.Rules;

namespace PerfPortal.Domain.Alerts.Delivery;

/// <summary>Composes what a message contains about an alert.</summary>
public static class AlertNotices
{
    /// <summary>The path of an alert's page, relative to the portal's public address.</summary>
    public const string Path = "alerts/";

    /// <summary>Describes an alert as it is now.</summary>
    /// <param name="alert">An alert that fires, or that has resolved.</param>
    /// <param name="portal">The portal's public address; <see langword="null"/> when it is not known, and there is no link.</param>
    /// <param name="now">The present, UTC.</param>
    public static AlertNotice Of(Alert alert, Uri? portal, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return new()
        {
            AlertId = alert.Id,
            RuleName = alert.RuleName,
            Severity = alert.Severity,
            Labels = alert.Labels,
            Sentence = AlertWords.Sentence(alert, now),
            Value = AlertWords.ValueOf(alert, alert.State == AlertState.Resolved ? alert.Status.Peak ?? alert.Status.Value : alert.Status.Value),
            Threshold = AlertWords.ThresholdOf(alert),
            ThresholdValue = alert.Threshold,
            StartsAt = alert.Status.FiringSince ?? alert.Status.PendingSince ?? now,
            EndsAt = alert.State == AlertState.Resolved ? alert.Status.ResolvedAt ?? now : null,
            IsFlapping = alert.Status.IsFlapping,
            HasNoData = alert.State == AlertState.NoData,
            Note = alert.Note,
            Link = portal is null ? null : new Uri(WithSlash(portal), Path + alert.Id),
            Explanation = alert.Explanation,
        };
    }

    /// <summary>The notice of a message that somebody sends to try a receiver.</summary>
    /// <param name="receiver">The receiver.</param>
    /// <param name="by">Who sends it.</param>
    /// <param name="portal">The portal's public address, if known.</param>
    /// <param name="now">The present, UTC.</param>
    public static AlertNotice Test(AlertReceiver receiver, string by, Uri? portal, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(receiver);
        return new()
        {
            AlertId = "test",
            RuleName = "PerfPortal test",
            Severity = AlertSeverity.Info,
            Labels = new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                [AlertLabels.AlertName] = "PerfPortal test",
                [AlertLabels.Severity] = AlertSeverity.Info.WireName(),
                ["receiver"] = receiver.Name,
            },
            Sentence = $"This is a test of the receiver {receiver.Name}, sent by {by}. Nothing is wrong.",
            Value = "1",
            Threshold = "above 0",
            StartsAt = now,
            Link = portal,
        };
    }

    private static Uri WithSlash(Uri portal) => portal.AbsoluteUri.EndsWith('/') ? portal : new(portal.AbsoluteUri + "/");
}
