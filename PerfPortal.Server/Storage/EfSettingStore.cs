using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage;

/// <summary>A setting document edited by an admin.</summary>
/// <param name="Value">The JSON document.</param>
/// <param name="Version">The number of changes so far.</param>
/// <param name="ChangedAt">The time of the last change.</param>
/// <param name="ChangedBy">The user who made the last change.</param>
internal sealed record StoredSetting(string Value, long Version, DateTimeOffset ChangedAt, string ChangedBy);

/// <summary>A change to a setting document.</summary>
/// <param name="Version">The version created by the change.</param>
/// <param name="OldValue">The previous document, or <see langword="null"/> for the first change.</param>
/// <param name="NewValue">The new document.</param>
/// <param name="ChangedAt">The time of the change.</param>
/// <param name="ChangedBy">The user who made the change.</param>
internal sealed record SettingChange(long Version, string? OldValue, string NewValue, DateTimeOffset ChangedAt, string ChangedBy);

/// <summary>Stores admin-edited setting documents with their change history. Uses optimistic concurrency by version.</summary>
internal sealed class EfSettingStore(IPortalDatabase database, TimeProvider time)
{
    /// <summary>Returns the document for a key, or <see langword="null"/> if it was never edited.</summary>
    public async Task<StoredSetting?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var row = await context.Settings.AsNoTracking().FirstOrDefaultAsync(row => row.Key == key, cancellationToken).ConfigureAwait(false);
        return row is null ? null : new(row.Value, row.Version, Microseconds.ToTime(row.ChangedUs), row.ChangedBy);
    }

    /// <summary>Updates a document if its version is still <paramref name="version"/>; 0 for a document that was never edited.</summary>
    /// <returns>The updated document, or <see langword="null"/> if it was changed concurrently.</returns>
    public async Task<StoredSetting?> WriteAsync(string key, long version, string value, string by, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var row = await context.Settings.FirstOrDefaultAsync(row => row.Key == key, cancellationToken).ConfigureAwait(false);
        if ((row?.Version ?? 0) != version)
        {
            return null;
        }

        var now = time.GetUtcNow().ToWholeMicroseconds();
        string? before = row?.Value;
        if (row is null)
        {
            context.Settings.Add(row = new SettingRow { Key = key, Value = value, ChangedBy = by });
        }

        (row.Value, row.Version, row.ChangedUs, row.ChangedBy) = (value, version + 1, now.ToMicroseconds(), by);
        context.SettingChanges.Add(new SettingChangeRow
        {
            Key = key,
            Version = version + 1,
            OldValue = before,
            NewValue = value,
            ChangedUs = row.ChangedUs,
            ChangedBy = by,
        });
        try
        {
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            return new(value, version + 1, now, by);
        }
        catch (DbUpdateException exception) when (exception is DbUpdateConcurrencyException || !database.IsTransient(exception))
        {
            return null;
        }
    }

    /// <summary>Replaces a document that the portal keeps for itself, without a history.</summary>
    public async Task ReplaceAsync(string key, string value, string by, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var row = await context.Settings.FirstOrDefaultAsync(row => row.Key == key, cancellationToken).ConfigureAwait(false);
        if (row is null)
        {
            context.Settings.Add(row = new SettingRow { Key = key, Value = value, ChangedBy = by });
        }

        (row.Value, row.Version, row.ChangedUs, row.ChangedBy) = (value, row.Version + 1, time.GetUtcNow().ToMicroseconds(), by);
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns the latest changes to a document, newest first.</summary>
    public async Task<IReadOnlyList<SettingChange>> ReadHistoryAsync(string key, int limit, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var rows = await context.SettingChanges.AsNoTracking().Where(row => row.Key == key).OrderByDescending(row => row.Version).Take(limit)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => new SettingChange(row.Version, row.OldValue, row.NewValue, Microseconds.ToTime(row.ChangedUs), row.ChangedBy))];
    }
}
