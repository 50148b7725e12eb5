namespace PerfPortal.Domain.Alerts.Delivery;

/// <summary>The alerts of one group of a receiver, and what there is to say about them.</summary>
internal sealed class AlertGroup(AlertReceiver receiver, SortedDictionary<string, string> labels)
{
    private readonly List<OutboxEntry> _entries = [];
    private readonly List<Alert> _active = [];
    private readonly List<(Alert Alert, DateTimeOffset At)> _changes = [];

    /// <summary>The labels that make the group.</summary>
    public IReadOnlyDictionary<string, string> Labels => labels;

    /// <summary>The key.</summary>
    public string Key { get; } = AlertGroups.KeyOf(receiver, labels);

    /// <summary>The entries of the outbox that belong to it.</summary>
    public IReadOnlyList<OutboxEntry> Entries => _entries;

    /// <summary>The active alerts that are not muted.</summary>
    public IReadOnlyList<Alert> Active => _active;

    /// <summary>The alerts that the receiver has to be told about.</summary>
    public IEnumerable<Alert> Changed => _changes.Select(change => change.Alert).DistinctBy(alert => alert.Id);

    /// <summary>The alerts that resolved and must be mentioned.</summary>
    public IEnumerable<Alert> Resolved => Changed.Where(alert => alert.State == AlertState.Resolved);

    /// <summary>Whether there is anything that the receiver has not been told.</summary>
    public bool HasChanges => _changes.Count > 0;

    /// <summary>The latest message that covered the group, if any.</summary>
    public AlertMessage? Latest { get; private set; }

    /// <summary>Adds an active alert.</summary>
    public void Add(Alert active) => _active.Add(active);

    /// <summary>Adds an entry of the outbox.</summary>
    public void Add(OutboxEntry entry) => _entries.Add(entry);

    /// <summary>Whether any of its alerts began to fire at or before a time, so that a digest of that time covered the group.</summary>
    public bool BeganBefore(DateTimeOffset time, IReadOnlyDictionary<string, Alert> alerts) =>
        _active.Concat(_entries.Select(entry => alerts[entry.AlertId])).Any(alert => alert.Status.FiringSince <= time);

    /// <summary>Works out what has not been told, after everything was added.</summary>
    /// <param name="latest">The latest message that covered the group, if any.</param>
    /// <param name="alerts">The alerts that the entries are about.</param>
    public void Settle(AlertMessage? latest, IReadOnlyDictionary<string, Alert> alerts)
    {
        Latest = latest;
        foreach (var entries in _entries.GroupBy(entry => entry.AlertId))
        {
            if (alerts.TryGetValue(entries.Key, out var alert) && Says(alert, [.. entries]))
            {
                _changes.Add((alert, entries.Min(entry => entry.At)));
            }
        }
    }

    /// <summary>When a message about the group is due, UTC; <see langword="null"/> when there is nothing to say.</summary>
    public DateTimeOffset? DueAt
    {
        get
        {
            bool isBridge = receiver.Kind == ReceiverKind.Alertmanager;
            if (HasChanges)
            {
                var first = _changes.Min(change => change.At);
                var wait = isBridge || Latest?.IsFiring == true ? first : first + receiver.GroupWait;
                return isBridge || Latest is null ? wait : Later(wait, Latest.ComposedAt + receiver.GroupInterval);
            }

            // An Alertmanager repeats by itself.
            if (isBridge || !_active.Any(alert => alert.Acknowledged is null))
            {
                return null;
            }

            // Without a message, the receiver or the route is new, and what fires was never told.
            return Latest is null ? _active.Min(alert => alert.Status.FiringSince) + receiver.GroupWait
                : receiver.RepeatInterval > TimeSpan.Zero ? Latest.ComposedAt + receiver.RepeatInterval
                : null;
        }
    }

    /// <summary>Whether anything must be said because of these entries about an alert.</summary>
    private bool Says(Alert alert, IReadOnlyList<OutboxEntry> entries)
    {
        if (alert.State != AlertState.Resolved)
        {
            return alert.State.IsActive() && alert.MutedBy is null && receiver.Receives(alert.Severity, alert.Labels);
        }

        var told = Latest?.Alerts.FirstOrDefault(notice => notice.AlertId == alert.Id);
        if (told?.EndsAt is not null)
        {
            return false;
        }

        // The entry that it fires is gone when a message covered it.
        bool wasTold = told is not null || entries.All(entry => entry.IsResolved);
        return wasTold
            ? receiver.SendsResolved || receiver.Kind == ReceiverKind.Alertmanager
            : alert.FiringTime(alert.Status.ResolvedAt ?? default) >= receiver.GroupWait;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
