using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Server.Views.Findings;

/// <summary>Tells which findings over all sources concern a source: those about operations that it runs.</summary>
internal sealed class SourceOperations(StatisticsReader statistics)
{
    /// <summary>Returns the types and names of the operations of a source, and each type without a name.</summary>
    public async Task<HashSet<(MetricType? Type, string? Name)>> ReadAsync(string source, TimeRange range, CancellationToken cancellationToken)
    {
        var answer = await statistics.ReadAsync(
            new(range, new() { Source = source }, StatisticsGrouping.MetricType | StatisticsGrouping.Name, WithFacts: false), cancellationToken).ConfigureAwait(false);
        return [.. answer.Groups.Keys.Select(group => (group.MetricType, group.Name)), .. answer.Groups.Keys.Select(group => (group.MetricType, (string?)null))];
    }
}
