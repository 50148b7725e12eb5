using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage;

/// <summary>A document that an admin edited.</summary>
/// <param name="Value">The document, JSON.</param>
/// <param name="Version">How often it was changed.</param>
/// <param name="ChangedAt">When it was changed last.</param>
/// <param name="ChangedBy">By whom.</param>
internal sealed record StoredSetting(string Value, long Version, DateTimeOffset ChangedAt, string ChangedBy);

/// <summary>A change of a document.</summary>
/// <param name="Version">The version that it made.</param>
/// <param name="OldValue">The document before, or <see langword="null"/> for the first.</param>
/// <param name="NewValue">The document after.</param>
/// <param name="ChangedAt">When.</param>
/// <param name="ChangedBy">By whom.</param>
internal sealed record SettingChange(long Version, string? OldValue, string NewValue, DateTimeOffset ChangedAt, string ChangedBy);

/// <summary>Keeps documents that admins edit, with who changed what when. Of two who edit the same version, one is told.</summary>
internal sealed class EfSettingStore(IPortalDatabase database, TimeProvider time)
{
    /// <summary>The document of this key, or <see langword="null"/> when nobody edited it.</summary>
    public async Task<StoredSetting?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var row = await context.Settings.AsNoTracking().FirstOrDefaultAsync(row => row.Key == key, cancellationToken).ConfigureAwait(false);
        return row is null ? null : new(row.Value, row.Version, Microseconds.ToTime(row.ChangedUs), row.ChangedBy);
    }

    /// <summary>Changes a document, if its version is still this one; 0 for one that nobody edited.</summary>
    /// <returns>The document as it is now, or <see langword="null"/> when somebody else was faster.</returns>
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

    /// <summary>The latest changes of a document, newest first.</summary>
    public async Task<IReadOnlyList<SettingChange>> ReadHistoryAsync(string key, int limit, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var rows = await context.SettingChanges.AsNoTracking().Where(row => row.Key == key).OrderByDescending(row => row.Version).Take(limit)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => new SettingChange(row.Version, row.OldValue, row.NewValue, Microseconds.ToTime(row.ChangedUs), row.ChangedBy))];
    }
}
