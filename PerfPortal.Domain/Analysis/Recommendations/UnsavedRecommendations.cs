using Microsoft.Extensions.Logging;
using PerfPortal.Domain.Findings;

namespace PerfPortal.Domain.Analysis.Recommendations;

/// <summary>
/// Recommendations that are not stored yet, because the last attempt failed: reading an analysis must not depend on writing. Holds at most <see cref="IRecommendationStore.Capacity"/>,
/// the last seen ones. Only one caller at a time may save; reading is thread-safe.
/// </summary>
internal sealed class UnsavedRecommendations(IRecommendationStore store, TimeProvider time, ILogger logger)
{
    /// <summary>The pause after a failed attempt, which can take as long as the store waits for a lock.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private volatile IReadOnlyDictionary<string, Recommendation> _items = new Dictionary<string, Recommendation>();
    private long? _failedAt;

    /// <summary>Returns the stored recommendations with those that are newer here.</summary>
    public IReadOnlyList<Recommendation> Over(IReadOnlyList<Recommendation> stored)
    {
        var items = _items;
        return items.Count == 0 ? stored : [.. stored.Where(item => !items.ContainsKey(item.Id)), .. items.Values];
    }

    /// <summary>Stores recommendations and those that are waiting; if that fails, keeps them for a later call.</summary>
    public async Task SaveAsync(IReadOnlyList<Recommendation> written, CancellationToken cancellationToken)
    {
        var items = With(written);
        if (items.Count == 0)
        {
            return;
        }

        if (_failedAt is { } failed && time.GetElapsedTime(failed) < Pause)
        {
            _items = items;
            return;
        }

        try
        {
            await store.PutAsync([.. items.Values], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (_failedAt is null)
            {
                logger.LogWarning("Recommendations cannot be stored; they are kept in memory and stored later. {Reason}", exception.GetBaseException().Message);
            }

            _failedAt = time.GetTimestamp();
            _items = items;
            return;
        }

        Saved();
    }

    /// <summary>Stores what is waiting, because a decision refers to it.</summary>
    /// <exception cref="Exception">The store failed.</exception>
    public async Task SaveWaitingAsync(CancellationToken cancellationToken)
    {
        if (_items.Count > 0)
        {
            await store.PutAsync([.. _items.Values], cancellationToken).ConfigureAwait(false);
            Saved();
        }
    }

    /// <summary>Drops recommendations that are to be deleted.</summary>
    public void Drop(IReadOnlyCollection<string> ids) =>
        _items = _items.Where(item => !ids.Contains(item.Key)).ToDictionary(item => item.Key, item => item.Value);

    private void Saved()
    {
        if (_failedAt is not null)
        {
            logger.LogInformation("Recommendations are stored again.");
        }

        _failedAt = null;
        _items = new Dictionary<string, Recommendation>();
    }

    private Dictionary<string, Recommendation> With(IReadOnlyList<Recommendation> written)
    {
        if (_items.Count == 0)
        {
            return written.ToDictionary(item => item.Id);
        }

        var all = new Dictionary<string, Recommendation>(_items);
        foreach (var item in written)
        {
            all[item.Id] = item;
        }

        return all.Count <= IRecommendationStore.Capacity ? all : all.Values.OrderByDescending(item => item.SeenAt).Take(IRecommendationStore.Capacity).ToDictionary(item => item.Id);
    }
}
