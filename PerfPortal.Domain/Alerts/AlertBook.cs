namespace PerfPortal.Domain.Alerts;

/// <summary>All alerts at a time: an immutable snapshot.</summary>
/// <param name="Current">The alerts that are pending, firing or without data, the most severe and longest lasting first.</param>
/// <param name="Resolved">The alerts that resolved within <see cref="AlertEngine.KeptResolved"/>, the latest first.</param>
/// <param name="EvaluatedAt">The end of the minute that was evaluated last; <see langword="null"/> before the first evaluation.</param>
public sealed record AlertBook(IReadOnlyList<Alert> Current, IReadOnlyList<Alert> Resolved, DateTimeOffset? EvaluatedAt)
{
    /// <summary>No alerts.</summary>
    public static AlertBook Empty { get; } = new([], [], null);

    /// <summary>The alerts that people have to deal with: firing or without data, neither acknowledged nor muted.</summary>
    public IEnumerable<Alert> Unattended => Current.Where(alert => alert.State.IsActive() && alert.Acknowledged is null && alert.MutedBy is null);

    /// <summary>Returns the alert with this ID, or <see langword="null"/>.</summary>
    public Alert? Find(string id) => Current.FirstOrDefault(alert => alert.Id == id) ?? Resolved.FirstOrDefault(alert => alert.Id == id);

    /// <summary>Returns the book after a commit.</summary>
    internal AlertBook After(AlertCommit commit, DateTimeOffset now)
    {
        var gone = commit.Alerts.Select(alert => alert.Id).Concat(commit.RemovedIds).ToHashSet();
        var current = Current.Where(alert => !gone.Contains(alert.Id)).Concat(commit.Alerts.Where(alert => alert.State != AlertState.Resolved));
        var resolved = Resolved.Where(alert => !gone.Contains(alert.Id)).Concat(commit.Alerts.Where(alert => alert.State == AlertState.Resolved));
        return Of(current.Concat(resolved), commit.Evaluated ?? EvaluatedAt, now);
    }

    /// <summary>Makes a book of alerts.</summary>
    internal static AlertBook Of(IEnumerable<Alert> alerts, DateTimeOffset? evaluatedAt, DateTimeOffset now)
    {
        var parts = alerts.ToLookup(alert => alert.State == AlertState.Resolved);
        return new(
            [
                .. parts[false].OrderByDescending(alert => alert.State.IsActive()).ThenByDescending(alert => alert.Severity)
                    .ThenBy(alert => alert.Status.FiringSince ?? alert.Status.PendingSince).ThenBy(alert => alert.Id, StringComparer.Ordinal),
            ],
            [
                .. parts[true].Where(alert => alert.Status.ResolvedAt > now - AlertEngine.KeptResolved).OrderByDescending(alert => alert.Status.ResolvedAt)
                    .ThenBy(alert => alert.Id, StringComparer.Ordinal).Take(AlertRound.MaxAlerts),
            ],
            evaluatedAt);
    }
}
