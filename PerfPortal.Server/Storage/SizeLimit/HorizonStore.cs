using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage.SizeLimit;

/// <summary>Stores what the size limit has deleted, so that figures and rejections are the same after a restart.</summary>
internal sealed class HorizonStore(IPortalDatabase database, TimeProvider time)
{
    private const string Key = "size_horizon";
    private const string By = "portal";

    /// <summary>Returns the stored horizon.</summary>
    public async ValueTask<DataHorizon> ReadAsync(CancellationToken cancellationToken) =>
        await database.ReadSettingAsync(Key, cancellationToken).ConfigureAwait(false) is { } value ? JsonSerializer.Deserialize<DataHorizon>(value)! : DataHorizon.None;

    /// <summary>Stores a horizon. It has no history: it moves automatically, possibly every few minutes.</summary>
    public async Task WriteAsync(DataHorizon horizon, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var row = await context.Settings.FirstOrDefaultAsync(row => row.Key == Key, cancellationToken).ConfigureAwait(false);
        if (row is null)
        {
            context.Settings.Add(row = new SettingRow { Key = Key, Value = "", ChangedBy = By });
        }

        row.Value = JsonSerializer.Serialize(horizon);
        row.Version++;
        row.ChangedUs = time.GetUtcNow().ToMicroseconds();
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
    }
}
