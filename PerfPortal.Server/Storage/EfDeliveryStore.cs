using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage;

/// <summary>Stores receivers, the outbox and messages through EF Core on either database.</summary>
internal sealed class EfDeliveryStore(IPortalDatabase database) : IDeliveryStore
{
    /// <summary>The maximum number of values in one statement.</summary>
    private const int MaxIds = 500;

    /// <summary>How often one change is prepared. A receiver can be deleted only once, so that two would do.</summary>
    private const int MaxRaces = 5;

    public async Task<IReadOnlyList<AlertReceiver>> ReadReceiversAsync(CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var rows = await context.AlertReceivers.AsNoTracking().OrderBy(row => row.Id)
            .Select(row => new { row.Document, row.Version, HasSecret = row.Secret != null }).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => AlertDocuments.Read<AlertReceiver>(row.Document) with { Version = row.Version, HasSecret = row.HasSecret })];
    }

    public async Task<bool> SaveReceiverAsync(AlertReceiver receiver, byte[]? secret, long expectedVersion, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var row = await context.AlertReceivers.FirstOrDefaultAsync(stored => stored.Id == receiver.Id, cancellationToken).ConfigureAwait(false);
        if ((row?.Version ?? 0) != expectedVersion)
        {
            return false;
        }

        if (row is null)
        {
            row = new() { Id = receiver.Id, Document = "" };
            context.AlertReceivers.Add(row);
        }

        row.Version = expectedVersion + 1;
        row.Document = AlertDocuments.Write(receiver with { Version = row.Version });
        row.Secret = secret is { Length: 0 } ? null : secret ?? row.Secret;
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

    public async Task<byte[]?> ReadSecretAsync(string receiverId, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        return await context.AlertReceivers.Where(row => row.Id == receiverId).Select(row => row.Secret).FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> DeleteReceiverAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        if (await context.AlertReceivers.Where(row => row.Id == id).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false) == 0)
        {
            return false;
        }

        // Entries and messages of a receiver that is gone are not delivered; what a crash leaves of them here is removed by those who find them.
        await context.AlertOutbox.Where(entry => entry.ReceiverId == id).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        await context.AlertDeliveries.Where(delivery => delivery.ReceiverId == id).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    public async Task<IReadOnlyList<OutboxEntry>> ReadOutboxAsync(int limit, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var rows = await context.AlertOutbox.AsNoTracking().OrderBy(row => row.Id).Take(limit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => new OutboxEntry(row.Id, row.ReceiverId, row.AlertId, Microseconds.ToTime(row.AtUs), row.IsResolved))];
    }

    public Task ComposeAsync(AlertDelivery delivery, IReadOnlyCollection<long> outboxIds, CancellationToken cancellationToken) => SaveRacingAsync(async context =>
    {
        context.AlertDeliveries.Add(Write(new() { Id = "", ReceiverId = "", GroupId = "", Document = "" }, delivery));
        foreach (long[] part in outboxIds.Chunk(MaxIds))
        {
            context.AlertOutbox.RemoveRange(await context.AlertOutbox.Where(row => part.Contains(row.Id)).ToListAsync(cancellationToken).ConfigureAwait(false));
        }
    }, cancellationToken);

    public async Task RemoveOutboxAsync(IReadOnlyCollection<long> outboxIds, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        foreach (long[] part in outboxIds.Chunk(MaxIds))
        {
            await context.AlertOutbox.Where(row => part.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task SaveAsync(AlertDelivery delivery, IReadOnlyList<AlertEvent> events, CancellationToken cancellationToken) => SaveRacingAsync(async context =>
    {
        if (await context.AlertDeliveries.FirstOrDefaultAsync(row => row.Id == delivery.Message.Key, cancellationToken).ConfigureAwait(false) is { } row)
        {
            Write(row, delivery);
            context.AlertEvents.AddRange(events.Select(EfAlertStore.ToRow));
        }
    }, cancellationToken);

    public async Task<IReadOnlyList<AlertDelivery>> ReadUnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var rows = await context.AlertDeliveries.AsNoTracking().Where(row => row.FinishedUs == null).OrderBy(row => row.ComposedUs).ThenBy(row => row.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(ToDelivery)];
    }

    public async Task<IReadOnlyList<AlertDelivery>> ReadLatestAsync(DateTimeOffset composedSince, CancellationToken cancellationToken)
    {
        long since = composedSince.ToMicroseconds();
        await using var context = database.CreateContext();
        var latest = await context.AlertDeliveries.Where(row => row.ComposedUs >= since).GroupBy(row => new { row.ReceiverId, row.GroupId })
            .Select(group => new { group.Key.ReceiverId, group.Key.GroupId, ComposedUs = group.Max(row => row.ComposedUs) }).ToListAsync(cancellationToken).ConfigureAwait(false);
        var wanted = latest.Select(group => (group.ReceiverId, group.GroupId, group.ComposedUs)).ToHashSet();
        var deliveries = new List<AlertDelivery>(latest.Count);
        foreach (long[] part in latest.Select(group => group.ComposedUs).Distinct().Chunk(MaxIds))
        {
            var rows = await context.AlertDeliveries.AsNoTracking().Where(row => part.Contains(row.ComposedUs)).OrderBy(row => row.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
            deliveries.AddRange(rows.Where(row => wanted.Remove((row.ReceiverId, row.GroupId, row.ComposedUs))).Select(ToDelivery));
        }

        return deliveries;
    }

    public async Task<IReadOnlyList<ComposedMessage>> ReadComposedAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        long sinceUs = since.ToMicroseconds();
        await using var context = database.CreateContext();
        var rows = await context.AlertDeliveries.AsNoTracking().Where(row => row.ComposedUs >= sinceUs).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => new ComposedMessage(row.ReceiverId, Microseconds.ToTime(row.ComposedUs), ToDelivery(row).Message.IsDigest))];
    }

    public async Task<IReadOnlyList<AlertDelivery>> ReadLastFinishedAsync(CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var latest = await context.AlertDeliveries.Where(row => row.FinishedUs != null).GroupBy(row => new { row.ReceiverId, row.State })
            .Select(group => new { group.Key.ReceiverId, group.Key.State, FinishedUs = group.Max(row => row.FinishedUs) }).ToListAsync(cancellationToken).ConfigureAwait(false);
        var wanted = latest.Select(group => (group.ReceiverId, group.State, group.FinishedUs)).ToHashSet();
        var times = latest.Select(group => group.FinishedUs).Distinct().ToList();
        var rows = await context.AlertDeliveries.AsNoTracking().Where(row => times.Contains(row.FinishedUs)).OrderBy(row => row.Id).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Where(row => wanted.Remove((row.ReceiverId, row.State, row.FinishedUs))).Select(ToDelivery)];
    }

    public async Task<IReadOnlyList<AlertDelivery>> ReadDeliveriesAsync(string? receiverId, string? alertId, int limit, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var rows = await context.AlertDeliveries.AsNoTracking()
            .Where(row => (receiverId == null || row.ReceiverId == receiverId) && (alertId == null || row.Document.Contains(alertId)))
            .OrderByDescending(row => row.ComposedUs).ThenBy(row => row.Id).Take(limit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(ToDelivery)];
    }

    /// <summary>Saves what is prepared. When a receiver is deleted meanwhile, with rows that are about to be changed, it is prepared again from what is left.</summary>
    private async Task SaveRacingAsync(Func<PortalDbContext, Task> prepare, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            await using var context = database.CreateContext();
            await prepare(context).ConfigureAwait(false);
            try
            {
                await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (DbUpdateConcurrencyException) when (attempt < MaxRaces)
            {
                // The next round finds what is left.
            }
        }
    }

    private static AlertDeliveryRow Write(AlertDeliveryRow row, AlertDelivery delivery)
    {
        row.Id = delivery.Message.Key;
        row.ReceiverId = delivery.ReceiverId;
        row.GroupId = delivery.Message.GroupKey;
        row.State = (byte)delivery.State;
        row.ComposedUs = delivery.Message.ComposedAt.ToMicroseconds();
        row.FinishedUs = delivery.FinishedAt?.ToMicroseconds();
        row.Document = AlertDocuments.Write(delivery);
        return row;
    }

    private static AlertDelivery ToDelivery(AlertDeliveryRow row) => AlertDocuments.Read<AlertDelivery>(row.Document);
}
