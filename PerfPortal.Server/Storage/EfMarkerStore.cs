using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage.Model;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Storage;

/// <summary>A point in time that may explain a change, such as a deployment.</summary>
/// <param name="Id">The number.</param>
/// <param name="At">When it happened, UTC.</param>
/// <param name="Name">What happened.</param>
/// <param name="Source">The source that it concerns, or <see langword="null"/> for all.</param>
/// <param name="Metadata">Facts about it.</param>
/// <param name="ReportedAt">When it was reported, UTC.</param>
public sealed record Marker(long Id, DateTimeOffset At, string Name, string? Source, Metadata Metadata, DateTimeOffset ReportedAt);

/// <summary>Stores markers through EF Core on either database, at most <see cref="Capacity"/>; above that the oldest are deleted.</summary>
internal sealed class EfMarkerStore(IPortalDatabase database, TimeProvider time)
{
    /// <summary>The maximum number of markers.</summary>
    public const int Capacity = 10_000;

    /// <summary>Adds a marker. One with the same time, name and source is not added again.</summary>
    /// <returns>The stored marker, and whether it is new.</returns>
    public async Task<(Marker Marker, bool IsNew)> AddAsync(DateTimeOffset at, string name, string? source, Metadata metadata, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        long atUs = at.ToMicroseconds();
        var same = await context.Markers.AsNoTracking().Where(row => row.AtUs == atUs && row.Name == name && row.Source == source)
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false);
        if (same is not null)
        {
            return (ToMarker(same), false);
        }

        var row = new MarkerRow
        {
            AtUs = atUs,
            Name = name,
            Source = source,
            Metadata = metadata.Count == 0 ? null : JsonSerializer.Serialize(metadata, WireJson.Options),
            ReportedUs = time.GetUtcNow().ToMicroseconds(),
        };
        context.Markers.Add(row);
        await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        int excess = await context.Markers.CountAsync(cancellationToken).ConfigureAwait(false) - Capacity;
        if (excess > 0)
        {
            var oldest = await context.Markers.OrderBy(other => other.AtUs).ThenBy(other => other.Id).Take(excess).ToListAsync(cancellationToken).ConfigureAwait(false);
            context.Markers.RemoveRange(oldest);
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
        }

        return (ToMarker(row), true);
    }

    /// <summary>Returns the markers of a range, the latest first.</summary>
    /// <param name="range">The range of their times.</param>
    /// <param name="source">Only markers of this source and those of no source; <see langword="null"/> for all.</param>
    /// <param name="limit">The maximum number.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<IReadOnlyList<Marker>> ReadAsync(TimeRange range, string? source, int limit, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        long from = range.From.ToMicroseconds();
        long to = range.To.ToMicroseconds();
        var rows = await context.Markers.AsNoTracking()
            .Where(row => row.AtUs >= from && row.AtUs < to && (source == null || row.Source == null || row.Source == source))
            .OrderByDescending(row => row.AtUs).ThenByDescending(row => row.Id).Take(limit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(ToMarker)];
    }

    /// <summary>Deletes a marker.</summary>
    /// <returns>Whether it existed.</returns>
    public async Task<bool> DeleteAsync(long id, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        if (await context.Markers.FirstOrDefaultAsync(row => row.Id == id, cancellationToken).ConfigureAwait(false) is not { } row)
        {
            return false;
        }

        context.Markers.Remove(row);
        try
        {
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody else deleted it meanwhile.
            return false;
        }
    }

    private static Marker ToMarker(MarkerRow row) => new(
        row.Id, Microseconds.ToTime(row.AtUs), row.Name, row.Source,
        row.Metadata is null ? Metadata.Empty : JsonSerializer.Deserialize<Metadata>(row.Metadata, WireJson.Options) ?? Metadata.Empty,
        Microseconds.ToTime(row.ReportedUs));
}
