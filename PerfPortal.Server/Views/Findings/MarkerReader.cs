using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Storage;

namespace PerfPortal.Server.Views.Findings;

/// <summary>Reads the reported markers for pages, and deletes them.</summary>
internal sealed class MarkerReader(EfMarkerStore store)
{
    /// <summary>The maximum number of markers in a list.</summary>
    public const int MaxListed = 100;

    /// <summary>The maximum number of markers on a chart; the latest of its range.</summary>
    public const int MaxOnChart = 10;

    /// <summary>Returns the markers of a range, the latest first, at most <see cref="MaxListed"/>; with a source, those that concern it.</summary>
    public Task<IReadOnlyList<Marker>> ListAsync(TimeRange range, string? source, CancellationToken cancellationToken) =>
        store.ReadAsync(range, source, MaxListed, cancellationToken);

    /// <summary>Returns the markers to draw on the charts of a range.</summary>
    public Task<IReadOnlyList<Marker>> ReadForChartsAsync(TimeRange range, string? source, CancellationToken cancellationToken) =>
        store.ReadAsync(range, source, MaxOnChart, cancellationToken);

    /// <summary>Deletes a marker.</summary>
    /// <returns>Whether it existed.</returns>
    public Task<bool> DeleteAsync(long id, CancellationToken cancellationToken) => store.DeleteAsync(id, cancellationToken);

    /// <summary>Adds a deleted marker again; the new one has another number.</summary>
    public Task RestoreAsync(Marker marker, CancellationToken cancellationToken) =>
        store.AddAsync(marker.At, marker.Name, marker.Source, marker.Metadata, cancellationToken);
}
