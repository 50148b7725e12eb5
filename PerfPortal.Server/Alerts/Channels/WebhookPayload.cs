using System.Text.Json.Serialization;
using PerfPortal.Domain.Alerts.Delivery;

namespace PerfPortal.Server.Alerts.Channels;

/// <summary>The payload of Alertmanager's webhook receiver, version 4; the names are Alertmanager's.</summary>
internal sealed record WebhookPayload
{
    [JsonPropertyName("receiver")]
    public required string Receiver { get; init; }

    [JsonPropertyName("status")]
    public required string Status { get; init; }

    [JsonPropertyName("alerts")]
    public required IReadOnlyList<WebhookAlert> Alerts { get; init; }

    [JsonPropertyName("groupLabels")]
    public required IReadOnlyDictionary<string, string> GroupLabels { get; init; }

    [JsonPropertyName("commonLabels")]
    public required IReadOnlyDictionary<string, string> CommonLabels { get; init; }

    [JsonPropertyName("commonAnnotations")]
    public required IReadOnlyDictionary<string, string> CommonAnnotations { get; init; }

    /// <summary>Empty when the portal's public address is not configured: Alertmanager always sends the member.</summary>
    [JsonPropertyName("externalURL")]
    public required string ExternalUrl { get; init; }

    [JsonPropertyName("version")]
    public string Version { get; init; } = "4";

    [JsonPropertyName("groupKey")]
    public required string GroupKey { get; init; }

    [JsonPropertyName("truncatedAlerts")]
    public required int TruncatedAlerts { get; init; }

    /// <summary>Writes a message in the terms of Alertmanager.</summary>
    public static WebhookPayload Of(AlertReceiver receiver, AlertMessage message, Uri? portal)
    {
        string composedAt = PrometheusTerms.Time(message.ComposedAt);
        WebhookAlert[] alerts = [.. message.Alerts.Select(alert => WebhookAlert.Of(alert, composedAt))];
        return new()
        {
            Receiver = receiver.Name,
            Status = message.IsFiring ? "firing" : "resolved",
            Alerts = alerts,
            GroupLabels = message.GroupLabels,
            CommonLabels = Common(alerts.Select(alert => alert.Labels)),
            CommonAnnotations = Common(alerts.Select(alert => alert.Annotations)),
            ExternalUrl = portal?.AbsoluteUri.TrimEnd('/') ?? "",
            GroupKey = message.GroupKey,
            TruncatedAlerts = message.Truncated,
        };
    }

    private static SortedDictionary<string, string> Common(IEnumerable<IReadOnlyDictionary<string, string>> all)
    {
        SortedDictionary<string, string>? common = null;
        foreach (var labels in all)
        {
            common = common is null ? new(labels.ToDictionary(), StringComparer.Ordinal)
                : new(common.Where(label => labels.TryGetValue(label.Key, out string? value) && value == label.Value).ToDictionary(), StringComparer.Ordinal);
        }

        return common ?? [];
    }
}

/// <summary>An alert in the payload.</summary>
internal sealed record WebhookAlert
{
    /// <summary>Alertmanager's time for the end of an alert that fires.</summary>
    private const string NoEnd = "0001-01-01T00:00:00Z";

    [JsonPropertyName("status")]
    public required string Status { get; init; }

    [JsonPropertyName("labels")]
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    [JsonPropertyName("annotations")]
    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    [JsonPropertyName("startsAt")]
    public required string StartsAt { get; init; }

    [JsonPropertyName("endsAt")]
    public required string EndsAt { get; init; }

    /// <summary>Empty when the portal's public address is not configured.</summary>
    [JsonPropertyName("generatorURL")]
    public required string GeneratorUrl { get; init; }

    [JsonPropertyName("fingerprint")]
    public required string Fingerprint { get; init; }

    /// <summary>Writes an alert. When the message was composed is an annotation, because the payload has no member for it.</summary>
    public static WebhookAlert Of(AlertNotice alert, string composedAt) => new()
    {
        Status = alert.EndsAt is null ? "firing" : "resolved",
        Labels = alert.Labels,
        Annotations = new SortedDictionary<string, string>(AnnotationsOf(alert), StringComparer.Ordinal) { ["composed_at"] = composedAt },
        StartsAt = PrometheusTerms.Time(alert.StartsAt),
        EndsAt = alert.EndsAt is { } end ? PrometheusTerms.Time(end) : NoEnd,
        GeneratorUrl = alert.Link?.AbsoluteUri ?? "",
        Fingerprint = PrometheusTerms.Fingerprint(alert.Labels),
    };

    /// <summary>The texts of an alert under the names that templates for Alertmanager use.</summary>
    public static SortedDictionary<string, string> AnnotationsOf(AlertNotice alert)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["summary"] = alert.Sentence,
            ["value"] = alert.Value,
            ["threshold"] = alert.Threshold,
            ["alert_id"] = alert.AlertId,
        };
        string description = string.Join(' ', MessageWords.Details(alert).Where(detail => detail.Name != "Note").Select(detail => $"{detail.Name}: {detail.Text}"));
        if (description.Length > 0)
        {
            annotations["description"] = description;
        }

        if (!string.IsNullOrWhiteSpace(alert.Note))
        {
            bool isLink = Uri.TryCreate(alert.Note.Trim(), UriKind.Absolute, out var link) && (link.Scheme == Uri.UriSchemeHttp || link.Scheme == Uri.UriSchemeHttps);
            annotations[isLink ? "runbook_url" : "note"] = alert.Note.Trim();
        }

        return annotations;
    }
}
