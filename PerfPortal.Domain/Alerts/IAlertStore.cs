using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Muting;
using PerfPortal.Domain.Alerts.Rules;

namespace PerfPortal.Domain.Alerts;

/// <summary>Stores alerts. Thread-safe; exceptions of the database propagate, and nothing is stored then.</summary>
public interface IAlertStore
{
    /// <summary>Returns all rules that were stored, built-in ones only where they were edited.</summary>
    Task<IReadOnlyList<AlertRule>> ReadRulesAsync(CancellationToken cancellationToken);

    /// <summary>Adds or replaces a rule.</summary>
    /// <returns><see langword="false"/>, and nothing is stored, when the stored version is not <paramref name="expectedVersion"/> (0 for a rule that must not exist).</returns>
    Task<bool> SaveRuleAsync(AlertRule rule, long expectedVersion, CancellationToken cancellationToken);

    /// <summary>Deletes a rule; whether it existed.</summary>
    Task<bool> DeleteRuleAsync(string id, CancellationToken cancellationToken);

    /// <summary>Returns the alerts that are not resolved, and those that resolved at or after a time.</summary>
    Task<IReadOnlyList<Alert>> ReadCurrentAsync(DateTimeOffset resolvedSince, CancellationToken cancellationToken);

    /// <summary>Returns alerts that fired, the latest first.</summary>
    Task<IReadOnlyList<Alert>> ReadHistoryAsync(AlertHistoryQuery query, CancellationToken cancellationToken);

    /// <summary>Returns one alert, or <see langword="null"/>.</summary>
    Task<Alert?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Returns the history of an alert, oldest first.</summary>
    Task<IReadOnlyList<AlertEvent>> ReadEventsAsync(string alertId, CancellationToken cancellationToken);

    /// <summary>Stores everything that one evaluation, or one action of a person, changes, in one transaction.</summary>
    Task CommitAsync(AlertCommit commit, CancellationToken cancellationToken);

    /// <summary>Returns the end of the minute that was evaluated last; <see langword="null"/> before the first.</summary>
    Task<DateTimeOffset?> ReadEvaluatedAsync(CancellationToken cancellationToken);

    /// <summary>Returns all silences that have not ended at a time.</summary>
    Task<IReadOnlyList<Silence>> ReadSilencesAsync(DateTimeOffset endingAfter, CancellationToken cancellationToken);

    /// <summary>Adds or replaces a silence.</summary>
    Task SaveSilenceAsync(Silence silence, CancellationToken cancellationToken);

    /// <summary>Deletes a silence; whether it existed.</summary>
    Task<bool> DeleteSilenceAsync(string id, CancellationToken cancellationToken);

    /// <summary>Deletes resolved alerts, their events, finished messages and ended silences from before a time.</summary>
    Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>Selects alerts that fired.</summary>
/// <param name="From">They were firing at or after this time, UTC.</param>
/// <param name="To">They began to fire before this time, UTC.</param>
/// <param name="RuleId">The rule; <see langword="null"/> for all.</param>
/// <param name="Limit">The maximum number.</param>
public sealed record AlertHistoryQuery(DateTimeOffset From, DateTimeOffset To, string? RuleId, int Limit);

/// <summary>What is stored in one transaction.</summary>
public sealed record AlertCommit
{
    /// <summary>Alerts to add or replace.</summary>
    public IReadOnlyList<Alert> Alerts { get; init; } = [];

    /// <summary>The IDs of alerts to delete: those that were pending and never fired.</summary>
    public IReadOnlyList<string> RemovedIds { get; init; } = [];

    /// <summary>History to append.</summary>
    public IReadOnlyList<AlertEvent> Events { get; init; } = [];

    /// <summary>What receivers must be told.</summary>
    public IReadOnlyList<OutboxEntry> Outbox { get; init; } = [];

    /// <summary>The end of the minute that was evaluated; <see langword="null"/> to leave it.</summary>
    public DateTimeOffset? Evaluated { get; init; }

    /// <summary>Whether there is nothing to store.</summary>
    public bool IsEmpty => Alerts.Count == 0 && RemovedIds.Count == 0 && Events.Count == 0 && Outbox.Count == 0 && Evaluated is null;
}
