using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Comparison;

/// <summary>A comparison of two periods.</summary>
/// <param name="Range">The period of the answer.</param>
/// <param name="BaseRange">The base period.</param>
/// <param name="Test">The tests behind the verdicts.</param>
/// <param name="Total">All operations.</param>
/// <param name="Types">The types that have operations in either period.</param>
/// <param name="Names">The names that have operations in either period, ordered by type and name.</param>
public sealed record PeriodComparison(
    AnsweredRange Range, AnsweredRange BaseRange, string Test, ComparedStatistics Total, IReadOnlyList<ComparedStatistics> Types, IReadOnlyList<ComparedStatistics> Names);

/// <summary>
/// Compares two periods of any lengths per type and name. Verdicts come from <see cref="Verdicts"/>, with separate corrections for the total, the types and the names.
/// </summary>
public sealed class PeriodComparer(StatisticsReader statistics)
{
    /// <summary>Compares a period with another.</summary>
    /// <exception cref="ArgumentException">A period is empty.</exception>
    public async Task<PeriodComparison> CompareAsync(TimeRange range, TimeRange baseRange, SeriesFilter filter, CancellationToken cancellationToken)
    {
        if (range.Length <= TimeSpan.Zero || baseRange.Length <= TimeSpan.Zero)
        {
            throw new ArgumentException("Compared periods must not be empty.", nameof(range));
        }

        const StatisticsGrouping Grouping = StatisticsGrouping.MetricType | StatisticsGrouping.Name;
        var now = await statistics.ReadAsync(new(range, filter, Grouping, WithFacts: false), cancellationToken).ConfigureAwait(false);
        var before = await statistics.ReadAsync(new(baseRange, filter, Grouping, WithFacts: false), cancellationToken).ConfigureAwait(false);
        var sides = new Sides(now, before);
        return new(
            now.Range, before.Range, Verdicts.TestName,
            sides.Pair(_ => default)[0],
            sides.Pair(group => group with { Name = null }).Where(pair => pair.MetricType is not null).ToList(),
            sides.Pair(group => group).Where(pair => pair.Name is not null).ToList());
    }

    private sealed record Sides(StatisticsAnswer Now, StatisticsAnswer Before)
    {
        /// <summary>Pairs the groups of both periods by the key from <paramref name="keyOf"/>; returns the total when both periods are empty.</summary>
        public List<ComparedStatistics> Pair(Func<StatisticsGroup, StatisticsGroup> keyOf)
        {
            var now = Merge(Now, keyOf);
            var before = Merge(Before, keyOf);
            var keys = now.Keys.Union(before.Keys).DefaultIfEmpty().OrderBy(key => key.MetricType).ThenBy(key => key.Name, StringComparer.Ordinal).ThenBy(key => key.Source, StringComparer.Ordinal).ToList();
            var judgements = Verdicts.Judge([.. keys.Select(key => (now.GetValueOrDefault(key), before.GetValueOrDefault(key)))]);
            return
            [
                .. keys.Select((key, i) => new ComparedStatistics(
                    key.MetricType, key.Name,
                    (now.GetValueOrDefault(key) ?? new()).Build(Now.Range.Range.Length),
                    (before.GetValueOrDefault(key) ?? new()).Build(Before.Range.Range.Length),
                    judgements[i])),
            ];
        }

        private static Dictionary<StatisticsGroup, StatisticsBuilder> Merge(StatisticsAnswer answer, Func<StatisticsGroup, StatisticsGroup> keyOf) =>
            answer.Groups.GroupBy(pair => keyOf(pair.Key), pair => pair.Value).ToDictionary(parts => parts.Key, FigureMerge.Of);
    }
}
