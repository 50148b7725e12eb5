using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Muting;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage;

/// <summary>Stores rules, alerts, their history and silences through EF Core on either database.</summary>
internal sealed class EfAlertStore(IPortalDatabase database) : IAlertStore
{
    private const int ProgressId = 1;

    public async Task<IReadOnlyList<AlertRule>> ReadRulesAsync(CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var rows = await context.AlertRules.AsNoTracking().OrderBy(row => row.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => AlertDocuments.Read<AlertRule>(row.Document) with { Version = row.Version })];
    }

    public async Task<bool> SaveRuleAsync(AlertRule rule, long expectedVersion, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var row = await context.AlertRules.FirstOrDefaultAsync(stored => stored.Id == rule.Id, cancellationToken).ConfigureAwait(false);
        if ((row?.Version ?? 0) != expectedVersion)
        {
            return false;
        }

        if (row is null)
        {
            row = new() { Id = rule.Id, Document = "" };
            context.AlertRules.Add(row);
        }

        row.Version = expectedVersion + 1;
        row.Document = AlertDocuments.Write(rule with { Version = row.Version });
        return await TrySaveAsync(context, cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> DeleteRuleAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        return await context.AlertRules.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false) > 0;
    }

    public async Task<IReadOnlyList<Alert>> ReadCurrentAsync(DateTimeOffset resolvedSince, CancellationToken cancellationToken)
    {
        long since = resolvedSince.ToMicroseconds();
        await using var context = database.CreateContext();
        var rows = await context.Alerts.AsNoTracking().Where(row => row.ResolvedUs == null || row.ResolvedUs >= since).OrderBy(row => row.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(ToAlert)];
    }

    public async Task<IReadOnlyList<Alert>> ReadHistoryAsync(AlertHistoryQuery query, CancellationToken cancellationToken)
    {
        long from = query.From.ToMicroseconds();
        long to = query.To.ToMicroseconds();
        await using var context = database.CreateContext();
        var rows = await context.Alerts.AsNoTracking()
            .Where(row => row.FiringUs < to && (row.ResolvedUs == null || row.ResolvedUs >= from) && (query.RuleId == null || row.RuleId == query.RuleId))
            .OrderByDescending(row => row.FiringUs).ThenBy(row => row.Id).Take(query.Limit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(ToAlert)];
    }

    public async Task<Alert?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var row = await context.Alerts.AsNoTracking().FirstOrDefaultAsync(stored => stored.Id == id, cancellationToken).ConfigureAwait(false);
        return row is null ? null : ToAlert(row);
    }

    public async Task<IReadOnlyList<AlertEvent>> ReadEventsAsync(string alertId, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var rows = await context.AlertEvents.AsNoTracking().Where(row => row.AlertId == alertId).OrderBy(row => row.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => new AlertEvent(
            row.AlertId, Microseconds.ToTime(row.AtUs), (AlertEventKind)row.Kind, (AlertState)row.State, row.Text, row.ChangedBy))];
    }

    public async Task CommitAsync(AlertCommit commit, CancellationToken cancellationToken)
    {
        if (commit.IsEmpty)
        {
            return;
        }

        await using var context = database.CreateContext();
        var ids = commit.Alerts.Select(alert => alert.Id).Concat(commit.RemovedIds).ToHashSet();
        var stored = await context.Alerts.Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, cancellationToken).ConfigureAwait(false);
        foreach (var alert in commit.Alerts)
        {
            if (!stored.TryGetValue(alert.Id, out var row))
            {
                row = new() { Id = alert.Id, RuleId = alert.RuleId, Document = "" };
                context.Alerts.Add(row);
            }

            row.State = (byte)alert.State;
            row.FiringUs = alert.Status.FiringSince?.ToMicroseconds();
            row.ResolvedUs = alert.Status.ResolvedAt?.ToMicroseconds();
            row.Document = AlertDocuments.Write(alert);
        }

        context.Alerts.RemoveRange(commit.RemovedIds.Where(stored.ContainsKey).Select(id => stored[id]));
        context.AlertEvents.AddRange(commit.Events.Select(ToRow));
        context.AlertOutbox.AddRange(commit.Outbox.Select(entry => new AlertOutboxRow
        {
            ReceiverId = entry.ReceiverId,
            AlertId = entry.AlertId,
            AtUs = entry.At.ToMicroseconds(),
            IsResolved = entry.IsResolved,
        }));
        if (commit.Evaluated is { } evaluated)
        {
            var progress = await context.AlertProgress.FirstOrDefaultAsync(row => row.Id == ProgressId, cancellationToken).ConfigureAwait(false);
            if (progress is null)
            {
                progress = new() { Id = ProgressId };
                context.AlertProgress.Add(progress);
            }

            progress.EvaluatedUs = evaluated.ToMicroseconds();
        }

        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<DateTimeOffset?> ReadEvaluatedAsync(CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var row = await context.AlertProgress.AsNoTracking().FirstOrDefaultAsync(progress => progress.Id == ProgressId, cancellationToken).ConfigureAwait(false);
        return row is null ? null : Microseconds.ToTime(row.EvaluatedUs);
    }

    public async Task<IReadOnlyList<Silence>> ReadSilencesAsync(DateTimeOffset endingAfter, CancellationToken cancellationToken)
    {
        long after = endingAfter.ToMicroseconds();
        await using var context = database.CreateContext();
        var rows = await context.AlertSilences.AsNoTracking().Where(row => row.EndsUs == null || row.EndsUs > after).OrderBy(row => row.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => AlertDocuments.Read<Silence>(row.Document))];
    }

    public async Task SaveSilenceAsync(Silence silence, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var row = await context.AlertSilences.FirstOrDefaultAsync(stored => stored.Id == silence.Id, cancellationToken).ConfigureAwait(false);
        if (row is null)
        {
            row = new() { Id = silence.Id, Document = "" };
            context.AlertSilences.Add(row);
        }

        row.EndsUs = silence.EndsAt?.ToMicroseconds();
        row.Document = AlertDocuments.Write(silence);
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> DeleteSilenceAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        return await context.AlertSilences.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false) > 0;
    }

    public async Task PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        long limit = before.ToMicroseconds();
        await using var context = database.CreateContext();
        await context.Alerts.Where(row => row.ResolvedUs < limit).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await context.AlertEvents.Where(row => row.AtUs < limit && !context.Alerts.Any(alert => alert.Id == row.AlertId))
            .ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await context.AlertDeliveries.Where(row => row.FinishedUs < limit).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await context.AlertSilences.Where(row => row.EndsUs < limit).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The row of an entry in the history of an alert.</summary>
    internal static AlertEventRow ToRow(AlertEvent happened) => new()
    {
        AlertId = happened.AlertId,
        AtUs = happened.At.ToMicroseconds(),
        Kind = (byte)happened.Kind,
        State = (byte)happened.State,
        Text = happened.Text,
        ChangedBy = happened.By,
    };

    /// <summary>Saves; <see langword="false"/> when another change came first.</summary>
    private static async Task<bool> TrySaveAsync(PortalDbContext context, CancellationToken cancellationToken)
    {
        try
        {
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }

    private static Alert ToAlert(AlertRow row) => AlertDocuments.Read<Alert>(row.Document);
}
