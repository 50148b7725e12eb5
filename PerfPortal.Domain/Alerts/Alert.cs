using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Alerts;

/// <summary>
/// One episode of a rule and a subject: from the condition that began to hold until it resolved. It keeps what the rule said when the episode began, so that a later edit does not
/// rewrite history. Immutable.
/// </summary>
public sealed record Alert
{
    /// <summary>The ID: 32 hexadecimal digits, made from rule, subject and beginning.</summary>
    public required string Id { get; init; }

    /// <summary>The rule.</summary>
    public required string RuleId { get; init; }

    /// <summary>The name of the rule.</summary>
    public required string RuleName { get; init; }

    /// <summary>What it is about.</summary>
    public required AlertSubject Subject { get; init; }

    /// <summary>The severity.</summary>
    public required AlertSeverity Severity { get; init; }

    /// <summary>The labels, by name.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>What was measured.</summary>
    public required AlertSignal Signal { get; init; }

    /// <summary>On which side of the threshold the value raised it.</summary>
    public required AlertComparison Comparison { get; init; }

    /// <summary>The threshold.</summary>
    public required double Threshold { get; init; }

    /// <summary>The note of the rule.</summary>
    public string? Note { get; init; }

    /// <summary>The sentence of the finding, or of the part of the portal, that the alert is about, as last seen; <see langword="null"/> for other alerts.</summary>
    public string? Problem { get; init; }

    /// <summary>The unit of its values where the signal does not tell, because findings of a kind have several; otherwise <see langword="null"/>.</summary>
    public string? Unit { get; init; }

    /// <summary>The state and its times.</summary>
    public required AlertStatus Status { get; init; }

    /// <summary>Why, as known when it began to fire; <see langword="null"/> while it is pending.</summary>
    public AlertExplanation? Explanation { get; init; }

    /// <summary>Who has taken it on, if anyone.</summary>
    public AlertAcknowledgement? Acknowledged { get; init; }

    /// <summary>The ID of the silence, quiet hours or maintenance window that mutes it, if any.</summary>
    public string? MutedBy { get; init; }

    /// <summary>Why it ended although the condition may still hold, such as a rule that was switched off; <see langword="null"/> when it ended by its value.</summary>
    public string? EndReason { get; init; }

    /// <summary>Whether receivers were told that it fires.</summary>
    public bool IsAnnounced { get; init; }

    /// <summary>The state.</summary>
    public AlertState State => Status.State;

    /// <summary>The identity of rule and subject, regardless of the episode.</summary>
    public (string RuleId, string Subject) Key => (RuleId, Subject.Key);

    /// <summary>How long it has been firing, or did fire; zero while it is pending.</summary>
    public TimeSpan FiringTime(DateTimeOffset now) =>
        Status.FiringSince is not { } since ? TimeSpan.Zero : (Status.ResolvedAt ?? now) is var end && end > since ? end - since : TimeSpan.Zero;

    /// <summary>The ID of the episode of a rule and a subject that begins at this time.</summary>
    public static string IdOf(string ruleId, AlertSubject subject, DateTimeOffset since)
    {
        ArgumentNullException.ThrowIfNull(subject);
        string text = string.Join('\u001f', ruleId, subject.Key, since.ToMicroseconds().ToString(CultureInfo.InvariantCulture));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}

/// <summary>Somebody has taken on an alert.</summary>
/// <param name="By">Who.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Note">What they wrote.</param>
public sealed record AlertAcknowledgement(string By, DateTimeOffset At, string? Note);
