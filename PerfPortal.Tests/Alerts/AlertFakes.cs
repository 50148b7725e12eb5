using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Muting;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;

namespace PerfPortal.Tests.Alerts;

/// <summary>Rules and values as a test sets them.</summary>
internal sealed class FakeAlertSource : IAlertSource
{
    public List<AlertRule> Rules { get; } = [];

    /// <summary>The values by rule and source; a subject that is not here is absent.</summary>
    public Dictionary<(string Rule, string Source), double?> Values { get; } = [];

    /// <summary>What subjects say of themselves, by rule and source.</summary>
    public Dictionary<(string Rule, string Source), SubjectProblem> Problems { get; } = [];

    public bool IsAbsentOver { get; set; }

    public Exception? ExplainFails { get; set; }

    public AlertExplanation Explanation { get; set; } = new() { Sentence = "It is high." };

    public ValueTask<IReadOnlyList<AlertRule>> ReadRulesAsync(CancellationToken cancellationToken) => new([.. Rules]);

    public Task<IReadOnlyList<RuleObservation>> MeasureAsync(IReadOnlyList<AlertRule> rules, DateTimeOffset at, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RuleObservation>>([.. rules.Select(rule => new RuleObservation(
            rule, [.. Values.Where(value => value.Key.Rule == rule.Id).Select(value => new SubjectValue(new(value.Key.Source), value.Value, Problem: Problems.GetValueOrDefault(value.Key)))], IsAbsentOver))]);

    public Task<AlertExplanation> ExplainAsync(Alert alert, AlertRule rule, CancellationToken cancellationToken) =>
        ExplainFails is { } exception ? Task.FromException<AlertExplanation>(exception) : Task.FromResult(Explanation);
}

/// <summary>Keeps alerts in memory; can fail once.</summary>
internal sealed class FakeAlertStore : IAlertStore
{
    private readonly Dictionary<string, Alert> _alerts = [];

    public List<AlertEvent> Events { get; } = [];

    public List<OutboxEntry> Outbox { get; } = [];

    public List<Silence> Silences { get; } = [];

    public List<AlertCommit> Commits { get; } = [];

    public Exception? FailNext { get; set; }

    public DateTimeOffset? Evaluated { get; private set; }

    public Task<IReadOnlyList<AlertRule>> ReadRulesAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AlertRule>>([]);

    public Task<bool> SaveRuleAsync(AlertRule rule, long expectedVersion, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> DeleteRuleAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<Alert>> ReadCurrentAsync(DateTimeOffset resolvedSince, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Alert>>([.. _alerts.Values.Where(alert => alert.Status.ResolvedAt is not { } at || at >= resolvedSince)]);

    public Task<IReadOnlyList<Alert>> ReadHistoryAsync(AlertHistoryQuery query, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Alert>>([.. _alerts.Values.Where(alert => alert.Status.FiringSince is not null)]);

    public Task<Alert?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_alerts.GetValueOrDefault(id));

    public Task<IReadOnlyList<AlertEvent>> ReadEventsAsync(string alertId, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AlertEvent>>([.. Events.Where(happened => happened.AlertId == alertId)]);

    public Task CommitAsync(AlertCommit commit, CancellationToken cancellationToken)
    {
        if (FailNext is { } exception)
        {
            FailNext = null;
            return Task.FromException(exception);
        }

        Commits.Add(commit);
        foreach (var alert in commit.Alerts)
        {
            _alerts[alert.Id] = alert;
        }

        foreach (string id in commit.RemovedIds)
        {
            _alerts.Remove(id);
        }

        Events.AddRange(commit.Events);
        Outbox.AddRange(commit.Outbox);
        Evaluated = commit.Evaluated ?? Evaluated;
        return Task.CompletedTask;
    }

    public Task<DateTimeOffset?> ReadEvaluatedAsync(CancellationToken cancellationToken) => Task.FromResult(Evaluated);

    public Task<IReadOnlyList<Silence>> ReadSilencesAsync(DateTimeOffset endingAfter, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Silence>>([.. Silences.Where(silence => silence.EndsAt is not { } end || end > endingAfter)]);

    public Task SaveSilenceAsync(Silence silence, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> DeleteSilenceAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Has receivers and no memory of messages.</summary>
internal sealed class FakeDeliveryStore : IDeliveryStore
{
    public List<AlertReceiver> Receivers { get; } = [];

    public Task<IReadOnlyList<AlertReceiver>> ReadReceiversAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AlertReceiver>>([.. Receivers]);

    public Task<bool> SaveReceiverAsync(AlertReceiver receiver, byte[]? secret, long expectedVersion, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<byte[]?> ReadSecretAsync(string receiverId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> DeleteReceiverAsync(string id, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<OutboxEntry>> ReadOutboxAsync(int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task ComposeAsync(AlertDelivery delivery, IReadOnlyCollection<long> outboxIds, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemoveOutboxAsync(IReadOnlyCollection<long> outboxIds, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ComposedMessage>> ReadComposedAsync(DateTimeOffset since, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SaveAsync(AlertDelivery delivery, IReadOnlyList<AlertEvent> events, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<AlertDelivery>> ReadUnfinishedAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<AlertDelivery>> ReadLatestAsync(DateTimeOffset composedSince, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<AlertDelivery>> ReadLastFinishedAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<AlertDelivery>> ReadDeliveriesAsync(string? receiverId, string? alertId, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();
}
