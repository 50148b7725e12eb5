using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Muting;
using PerfPortal.Domain.Alerts.Rules;

namespace PerfPortal.Tests.Alerts.Rules;

/// <summary>Keeps rules, and alerts that fired, in memory.</summary>
internal sealed class MemoryRules : IAlertStore
{
    public Dictionary<string, AlertRule> Rules { get; } = [];

    public List<Alert> History { get; } = [];

    public Task<IReadOnlyList<AlertRule>> ReadRulesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AlertRule>>([.. Rules.Values]);

    public Task<bool> SaveRuleAsync(AlertRule rule, long expectedVersion, CancellationToken cancellationToken)
    {
        if ((Rules.TryGetValue(rule.Id, out var known) ? known.Version : 0) != expectedVersion)
        {
            return Task.FromResult(false);
        }

        Rules[rule.Id] = rule with { Version = expectedVersion + 1 };
        return Task.FromResult(true);
    }

    public Task<bool> DeleteRuleAsync(string id, CancellationToken cancellationToken) => Task.FromResult(Rules.Remove(id));

    public Task<IReadOnlyList<Alert>> ReadHistoryAsync(AlertHistoryQuery query, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Alert>>([.. History.Where(alert => alert.RuleId == query.RuleId && alert.Status.FiringSince >= query.From && alert.Status.FiringSince < query.To).Take(query.Limit)]);

    public Task<IReadOnlyList<Alert>> ReadCurrentAsync(DateTimeOffset resolvedSince, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Alert?> FindAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<AlertEvent>> ReadEventsAsync(string alertId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task CommitAsync(AlertCommit commit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<DateTimeOffset?> ReadEvaluatedAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Silence>> ReadSilencesAsync(DateTimeOffset endingAfter, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SaveSilenceAsync(Silence silence, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> DeleteSilenceAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken) => throw new NotSupportedException();
}
