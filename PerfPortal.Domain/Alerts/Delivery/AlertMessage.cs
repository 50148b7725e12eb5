using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Alerts.Delivery;

/// <summary>A message about a group of alerts, independent of how a receiver writes it. It is stored before it is sent, so that a repetition is the same message with the same key.</summary>
public sealed record AlertMessage
{
    /// <summary>The idempotency key, at most 64 characters: equal for repetitions of this message only.</summary>
    public required string Key { get; init; }

    /// <summary>Identifies the group of alerts at a receiver, at most 64 characters; stays the same from message to message.</summary>
    public required string GroupKey { get; init; }

    /// <summary>The labels that all alerts of the group share by definition.</summary>
    public required IReadOnlyDictionary<string, string> GroupLabels { get; init; }

    /// <summary>The alerts: firing ones first, the most severe first.</summary>
    public required IReadOnlyList<AlertNotice> Alerts { get; init; }

    /// <summary>The number of alerts that the message leaves out.</summary>
    public int Truncated { get; init; }

    /// <summary>Whether it stands for several groups, because the receiver's budget of messages was used up.</summary>
    public bool IsDigest { get; init; }

    /// <summary>Whether somebody sent it to try the receiver.</summary>
    public bool IsTest { get; init; }

    /// <summary>When it was composed, UTC.</summary>
    public required DateTimeOffset ComposedAt { get; init; }

    /// <summary>Whether any alert of it is firing; otherwise all are resolved.</summary>
    public bool IsFiring => Alerts.Any(alert => alert.EndsAt is null);
}

/// <summary>One alert in a message.</summary>
public sealed record AlertNotice
{
    /// <summary>The alert.</summary>
    public required string AlertId { get; init; }

    /// <summary>The name of the rule.</summary>
    public required string RuleName { get; init; }

    /// <summary>The severity.</summary>
    public required AlertSeverity Severity { get; init; }

    /// <summary>The labels.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>One sentence: what is wrong, with value, threshold and since when; when it resolved, how long it lasted.</summary>
    public required string Sentence { get; init; }

    /// <summary>The value as text with its unit.</summary>
    public required string Value { get; init; }

    /// <summary>The threshold as text with its unit and comparison, such as <c>above 80 %</c>.</summary>
    public required string Threshold { get; init; }

    /// <summary>Since when it fires, UTC.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When it resolved, UTC; <see langword="null"/> while it fires.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Whether it goes on and off.</summary>
    public bool IsFlapping { get; init; }

    /// <summary>Whether data stopped while it was firing.</summary>
    public bool HasNoData { get; init; }

    /// <summary>The note of the rule.</summary>
    public string? Note { get; init; }

    /// <summary>The page of the alert; <see langword="null"/> when the portal's public address is not configured.</summary>
    public Uri? Link { get; init; }

    /// <summary>The threshold as a number, for the chart.</summary>
    public double ThresholdValue { get; init; }

    /// <summary>What is known about its reasons.</summary>
    public AlertExplanation? Explanation { get; init; }

    /// <summary>The most probable cause, if any is known.</summary>
    public FindingCause? Cause => Explanation is { Causes: [var first, ..] } ? first : null;
}
