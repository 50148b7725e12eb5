using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Muting;

namespace PerfPortal.Server.Views.Alerts;

/// <summary>Keeps silences, quiet hours and maintenance windows: lists, adds and ends them. A change applies at once.</summary>
internal sealed class SilenceKeeper(IAlertStore store, AlertEngine engine, TimeProvider time)
{
    /// <summary>The maximum number of silences that have not ended.</summary>
    public const int Capacity = 1_000;

    /// <summary>Returns the silences that have not ended: those that are active first, then by their beginning.</summary>
    public async Task<IReadOnlyList<Silence>> ListAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var all = await store.ReadSilencesAsync(now, cancellationToken).ConfigureAwait(false);
        return [.. all.OrderByDescending(silence => silence.IsActive(now)).ThenBy(silence => silence.StartsAt).ThenBy(silence => silence.Id, StringComparer.Ordinal)];
    }

    /// <summary>Adds a silence; <see langword="false"/> when there are <see cref="Capacity"/> of them.</summary>
    public async Task<bool> AddAsync(Silence silence, CancellationToken cancellationToken)
    {
        if ((await store.ReadSilencesAsync(time.GetUtcNow(), cancellationToken).ConfigureAwait(false)).Count >= Capacity)
        {
            return false;
        }

        await store.SaveSilenceAsync(silence, cancellationToken).ConfigureAwait(false);
        await engine.ApplySilencesAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Deletes a silence, which ends it; whether it existed.</summary>
    public async Task<bool> DeleteAsync(string id, CancellationToken cancellationToken)
    {
        bool existed = await store.DeleteSilenceAsync(id, cancellationToken).ConfigureAwait(false);
        if (existed)
        {
            await engine.ApplySilencesAsync(cancellationToken).ConfigureAwait(false);
        }

        return existed;
    }
}
