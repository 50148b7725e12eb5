using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Model;

namespace PerfPortal.Server.Storage;

/// <summary>
/// Stores recommendations through EF Core on either database: the content as a JSON document, user decisions in columns.
/// Every analysis reads all of them, so they are cached until the next write; no other process writes to the database.
/// </summary>
internal sealed class EfRecommendationStore(IPortalDatabase database) : IRecommendationStore
{
    private const int IdsPerStatement = 200;

    private readonly Lock _lock = new();
    private IReadOnlyList<Recommendation>? _held;
    private long _writes;

    public async Task<IReadOnlyList<Recommendation>> ReadAllAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _held) is { } held)
        {
            return held;
        }

        long writes = Interlocked.Read(ref _writes);
        await using var context = database.CreateContext();
        var rows = await context.Recommendations.AsNoTracking().ToListAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<Recommendation> read = [.. rows.Select(ToRecommendation)];
        lock (_lock)
        {
            // A concurrent write may be missing from the result.
            if (writes == _writes)
            {
                Volatile.Write(ref _held, read);
            }
        }

        return read;
    }

    public async Task PutAsync(IReadOnlyList<Recommendation> recommendations, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        var stored = await context.Recommendations.ToDictionaryAsync(row => row.Id, cancellationToken).ConfigureAwait(false);
        foreach (var recommendation in recommendations)
        {
            if (!stored.TryGetValue(recommendation.Id, out var row))
            {
                row = new() { Id = recommendation.Id, Document = "", OpenedUs = recommendation.OpenedAt.ToMicroseconds() };
                stored.Add(row.Id, row);
                context.Recommendations.Add(row);
            }

            // Reopened after the last decision, which no longer applies.
            if (recommendation.OpenedAt.ToMicroseconds() > Math.Max(row.OpenedUs, row.ChangedUs ?? 0))
            {
                row.OpenedUs = recommendation.OpenedAt.ToMicroseconds();
                row.State = (byte)recommendation.State;
            }

            row.SeenUs = Math.Max(row.SeenUs, recommendation.SeenAt.ToMicroseconds());
            row.Document = JsonSerializer.Serialize(recommendation);
        }

        var surplus = stored.Values.OrderBy(row => row.State != (byte)RecommendationState.Open).ThenByDescending(row => row.SeenUs).ThenBy(row => row.Id, StringComparer.Ordinal)
            .Skip(IRecommendationStore.Capacity).ToList();
        context.Recommendations.RemoveRange(surplus);
        try
        {
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Forget();
        }
    }

    public async Task<bool> DecideAsync(Recommendation decided, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        byte state = (byte)decided.State;
        long? changed = decided.ChangedAt?.ToMicroseconds();
        try
        {
            return await context.Recommendations.Where(row => row.Id == decided.Id).ExecuteUpdateAsync(
                update => update.SetProperty(row => row.State, state).SetProperty(row => row.ChangedUs, changed)
                    .SetProperty(row => row.ChangedBy, decided.ChangedBy).SetProperty(row => row.Note, decided.Note),
                cancellationToken).ConfigureAwait(false) > 0;
        }
        finally
        {
            Forget();
        }
    }

    public async Task DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        try
        {
            foreach (string[] part in ids.Chunk(IdsPerStatement))
            {
                await context.Recommendations.Where(row => part.Contains(row.Id)).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            Forget();
        }
    }

    /// <summary>Drops the cache after every write, because a failed write may still have been committed.</summary>
    private void Forget()
    {
        lock (_lock)
        {
            _writes++;
            Volatile.Write(ref _held, null);
        }
    }

    private static Recommendation ToRecommendation(RecommendationRow row) =>
        (JsonSerializer.Deserialize<Recommendation>(row.Document) ?? throw new InvalidDataException($"Recommendation {row.Id} has no document.")) with
        {
            State = (RecommendationState)row.State,
            OpenedAt = Microseconds.ToTime(row.OpenedUs),
            SeenAt = Microseconds.ToTime(row.SeenUs),
            ChangedAt = row.ChangedUs is { } changed ? Microseconds.ToTime(changed) : null,
            ChangedBy = row.ChangedBy,
            Note = row.Note,
        };
}
