using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Tracking;

namespace PerfPortal.Server.Views.Operations;

/// <summary>Reads the running operations for the pages.</summary>
internal sealed class ActiveReader(ActiveOperations active, EtaEstimator eta, TimeProvider time)
{
    /// <summary>Returns at most <paramref name="limit"/> rows with rate and remaining time.</summary>
    /// <param name="filter">The series filter.</param>
    /// <param name="includePortal">Whether to include the portal's own operations when the filter has no source.</param>
    /// <param name="passes">An additional filter, or <see langword="null"/>.</param>
    /// <param name="limit">The maximum number of rows.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public async Task<ActiveList> ReadAsync(
        SeriesFilter filter, bool includePortal, Func<Operation, bool>? passes, int limit, CancellationToken cancellationToken)
    {
        IEnumerable<ActiveOperation> found = active.List(filter);
        if (includePortal && filter.Source is null)
        {
            found = found.Concat(active.List(filter with { Source = PortalSource.Name }))
                .OrderBy(one => one.Current.RunningSince()).ThenBy(one => one.Current.Id);
        }

        List<ActiveOperation> all = [.. found.Where(one => passes?.Invoke(one.Current) ?? true)];
        var rows = new List<ActiveRow>(Math.Min(limit, all.Count));
        foreach (var one in all.Take(limit))
        {
            rows.Add(await ToRowAsync(one, cancellationToken).ConfigureAwait(false));
        }

        return new(rows, all.Count);
    }

    /// <summary>Returns a running operation with rate and remaining time; <see langword="null"/> when it is not running.</summary>
    public async ValueTask<ActiveRow?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        active.Find(id) is { } found ? await ToRowAsync(found, cancellationToken).ConfigureAwait(false) : null;

    private async ValueTask<ActiveRow> ToRowAsync(ActiveOperation one, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var current = one.Current;
        return new(current, one.RateAt(now)?.PerSecond, await eta.EstimateAsync(one, cancellationToken).ConfigureAwait(false))
        {
            StalledSeconds = one.StalledAt(now)?.TotalSeconds,
            Held = eta.Calibration.CoverageOf(current.MetricType),
        };
    }
}
