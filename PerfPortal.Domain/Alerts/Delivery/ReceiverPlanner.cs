namespace PerfPortal.Domain.Alerts.Delivery;

/// <summary>Plans the messages to one receiver.</summary>
internal sealed class ReceiverPlanner(DispatchInput input, AlertReceiver receiver)
{
    /// <summary>The maximum number of alerts in a message.</summary>
    public const int MaxAlerts = 50;

    private readonly Dictionary<string, AlertGroup> _groups = [];
    private readonly List<PlannedMessage> _messages = [];
    private readonly List<long> _dropped = [];
    private DateTimeOffset? _nextAt;

    /// <summary>Plans.</summary>
    /// <param name="entries">The entries of the outbox for the receiver.</param>
    public DispatchPlan Plan(IEnumerable<OutboxEntry> entries)
    {
        Collect(entries);
        var blocked = input.Unfinished.Where(delivery => delivery.ReceiverId == receiver.Id).Select(delivery => delivery.Message.GroupKey).ToHashSet();
        if (!blocked.Contains(AlertGroups.DigestKeyOf(receiver)))
        {
            PlanGroups([.. _groups.Values.Where(group => !blocked.Contains(group.Key))]);
        }

        return new(_messages, _dropped, _nextAt);
    }

    private void Collect(IEnumerable<OutboxEntry> entries)
    {
        foreach (var entry in entries)
        {
            if (input.Alerts.TryGetValue(entry.AlertId, out var alert))
            {
                GroupOf(alert).Add(entry);
            }
            else
            {
                _dropped.Add(entry.Id);
            }
        }

        foreach (var alert in input.Alerts.Values)
        {
            if (alert.State.IsActive() && alert.MutedBy is null && receiver.Receives(alert.Severity, alert.Labels))
            {
                GroupOf(alert).Add(alert);
            }
        }

        var latest = input.Latest.Where(delivery => delivery.ReceiverId == receiver.Id).ToDictionary(delivery => delivery.Message.GroupKey, delivery => delivery.Message);
        var digest = latest.GetValueOrDefault(AlertGroups.DigestKeyOf(receiver));
        foreach (var group in _groups.Values)
        {
            var own = latest.GetValueOrDefault(group.Key);
            bool isInDigest = digest is not null && !(digest.ComposedAt < own?.ComposedAt) && group.BeganBefore(digest.ComposedAt, input.Alerts);
            group.Settle(isInDigest ? digest : own, input.Alerts);
            if (!group.HasChanges)
            {
                _dropped.AddRange(group.Entries.Select(entry => entry.Id));
            }
        }
    }

    private void PlanGroups(List<AlertGroup> groups)
    {
        var due = groups.Where(group => group.DueAt <= input.Now).OrderBy(group => group.DueAt).ThenBy(group => group.Key, StringComparer.Ordinal).ToList();
        foreach (var group in groups)
        {
            if (group.DueAt is { } at && at > input.Now)
            {
                LookAgain(at);
            }
        }

        if (due.Count == 0)
        {
            return;
        }

        if (receiver.Kind == ReceiverKind.Alertmanager)
        {
            ComposeChanges(due[0]);
            return;
        }

        var budget = new MessageBudget(receiver.MaxMessagesPerHour, input.Composed, receiver.Id, input.Now);
        if (due.Count <= budget.Singles)
        {
            due.ForEach(group => Compose(group.Key, group.Labels, [.. group.Active, .. group.Resolved], IdsOf(group), isDigest: false));
        }
        else if (budget.NextDigestAt <= input.Now)
        {
            var told = groups.Where(group => group.HasChanges || due.Contains(group)).ToList();
            Compose(
                AlertGroups.DigestKeyOf(receiver), new Dictionary<string, string>(), [.. told.SelectMany(group => group.Active.Concat(group.Resolved))], [.. told.SelectMany(IdsOf)], isDigest: true);
        }
        else
        {
            LookAgain(budget.NextDigestAt);
        }
    }

    /// <summary>An Alertmanager is told what changed; entries beyond the limit of a message wait for the next one.</summary>
    private void ComposeChanges(AlertGroup group)
    {
        var changed = group.Changed.Take(MaxAlerts).ToList();
        var ids = changed.Select(alert => alert.Id).ToHashSet();
        Compose(group.Key, group.Labels, changed, [.. group.Entries.Where(entry => ids.Contains(entry.AlertId)).Select(entry => entry.Id)], isDigest: false);
    }

    private void Compose(string groupKey, IReadOnlyDictionary<string, string> labels, List<Alert> alerts, IReadOnlyList<long> outboxIds, bool isDigest)
    {
        var ordered = alerts.OrderBy(alert => alert.State == AlertState.Resolved).ThenByDescending(alert => alert.Severity).ThenBy(alert => alert.Status.FiringSince)
            .ThenBy(alert => alert.Id, StringComparer.Ordinal).Take(MaxAlerts);
        var message = new AlertMessage
        {
            Key = AlertGroups.MessageKey(receiver.Id, groupKey, input.Now),
            GroupKey = groupKey,
            GroupLabels = labels,
            Alerts = [.. ordered.Select(alert => AlertNotices.Of(alert, input.PortalUrl, input.Now))],
            Truncated = Math.Max(0, alerts.Count - MaxAlerts),
            IsDigest = isDigest,
            ComposedAt = input.Now,
        };
        _messages.Add(new(new() { ReceiverId = receiver.Id, Message = message, NextAttemptAt = input.Now }, outboxIds));
    }

    private AlertGroup GroupOf(Alert alert)
    {
        string identity = IdentityOf(alert);
        if (!_groups.TryGetValue(identity, out var group))
        {
            group = new(receiver, AlertGroups.LabelsOf(receiver, alert.Labels));
            _groups[identity] = group;
        }

        return group;
    }

    /// <summary>Text that is equal for alerts of the same group only; cheaper than the key of the group, because there can be many alerts.</summary>
    private string IdentityOf(Alert alert) => receiver switch
    {
        { Kind: ReceiverKind.Alertmanager } or { GroupBy.Count: 0 } => "",
        { GroupBy: [var only] } => alert.Labels.TryGetValue(only, out string? value) ? value : "\u001e",
        _ => string.Join('\u001f', receiver.GroupBy.Select(name => alert.Labels.TryGetValue(name, out string? value) ? value : "\u001e")),
    };

    private static IReadOnlyList<long> IdsOf(AlertGroup group) => group.HasChanges ? [.. group.Entries.Select(entry => entry.Id)] : [];

    private void LookAgain(DateTimeOffset at) => _nextAt = _nextAt < at ? _nextAt : at;
}
