using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Series;

/// <summary>Gives any subject as a series of equal steps from rollups. Thread-safe. Exceptions of the store propagate.</summary>
public sealed class SeriesReader(StatisticsReader statistics, IResourceReader resources)
{
    /// <summary>Returns the operations of every type and name except the portal's own, by type and name.</summary>
    /// <param name="range">The range of end times; the first and last step may extend beyond it.</param>
    /// <param name="step">The length of a step, a multiple of a minute that divides a day.</param>
    /// <param name="filter">The operations to include.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<IReadOnlyList<OperationSeries>> ReadOperationsAsync(TimeRange range, TimeSpan step, SeriesFilter filter, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Returns the metrics of a host that were measured in the range, by metric.</summary>
    /// <param name="source">The host.</param>
    /// <param name="range">The range; the first and last step may extend beyond it.</param>
    /// <param name="step">The length of a step, a multiple of a minute that divides a day.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public Task<IReadOnlyList<ResourceSeries>> ReadResourcesAsync(string source, TimeRange range, TimeSpan step, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Returns the hosts that reported in the last days, by name, with the time of their newest sample.</summary>
    public Task<IReadOnlyList<ResourceSample>> ReadHostsAsync(CancellationToken cancellationToken) => resources.ReadLatestAsync(cancellationToken);

    /// <summary>Returns the figures of a series over a range: the distribution of durations, outcomes and facts.</summary>
    public Task<StatisticsAnswer> ReadFiguresAsync(TimeRange range, SeriesFilter filter, StatisticsGrouping grouping, CancellationToken cancellationToken) =>
        statistics.ReadAsync(new(range, filter, grouping), cancellationToken);
}
