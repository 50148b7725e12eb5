using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Views.Operations;

/// <summary>Reads the operations in progress for the pages.</summary>
internal sealed class ActiveReader(ActiveOperations active, EtaEstimator eta)
{
    /// <summary>Reads at most <paramref name="limit"/> rows with rate and time left.</summary>
    /// <param name="filter">Which series.</param>
    /// <param name="withOwn">Whether the portal's own are among them though no source is asked for.</param>
    /// <param name="passes">Which operations of these, or <see langword="null"/> for all.</param>
    /// <param name="limit">The most rows.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async Task<ActiveList> ReadAsync(
        SeriesFilter filter, bool withOwn, Func<Operation, bool>? passes, int limit, CancellationToken cancellationToken)
    {
        IEnumerable<ActiveOperation> found = active.List(filter);
        if (withOwn && filter.Source is null)
        {
            found = found.Concat(active.List(filter with { Source = PortalSource.Name }))
                .OrderBy(one => one.Current.StartTime).ThenBy(one => one.Current.Id);
        }

        List<ActiveOperation> all = [.. found.Where(one => passes?.Invoke(one.Current) ?? true)];
        var rows = new List<ActiveRow>(Math.Min(limit, all.Count));
        foreach (var one in all.Take(limit))
        {
            rows.Add(await ToRowAsync(one, cancellationToken).ConfigureAwait(false));
        }

        return new(rows, all.Count);
    }

    /// <summary>Finds one operation in progress, with rate and time left; <see langword="null"/> when it is not in progress.</summary>
    public async ValueTask<ActiveRow?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        active.Find(id) is { } found ? await ToRowAsync(found, cancellationToken).ConfigureAwait(false) : null;

    private async ValueTask<ActiveRow> ToRowAsync(ActiveOperation one, CancellationToken cancellationToken) =>
        new(one.Current, one.Rate?.PerSecond, await eta.EstimateAsync(one, cancellationToken).ConfigureAwait(false));
}
