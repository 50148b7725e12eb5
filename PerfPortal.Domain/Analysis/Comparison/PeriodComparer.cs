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
/// Compares two periods of any lengths. Verdicts on names come from <see cref="Verdicts"/>, those on types and on the total from <see cref="StratifiedVerdicts"/>; separate
/// corrections for the total, the types and the names.
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
        return Compare(now, before);
    }

    /// <summary>Compares the figures of two periods, grouped by type and name.</summary>
    public static PeriodComparison Compare(StatisticsAnswer now, StatisticsAnswer before)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(before);
        var sides = new Sides(now, before);
        return new(now.Range, before.Range, Verdicts.TestName, sides.Above(_ => null)[0], sides.Above(name => name.MetricType).Where(pair => pair.MetricType is not null).ToList(), sides.Names());
    }

    private sealed class Sides(StatisticsAnswer now, StatisticsAnswer before)
    {
        private readonly List<NamePair> _names =
        [
            .. now.Groups.Keys.Union(before.Groups.Keys).OrderBy(key => key.MetricType).ThenBy(key => key.Name, StringComparer.Ordinal).ThenBy(key => key.Source, StringComparer.Ordinal)
                .Select(key => new NamePair(key.MetricType!.Value, key.Name!, now.Groups.GetValueOrDefault(key), before.Groups.GetValueOrDefault(key))),
        ];

        public List<ComparedStatistics> Names()
        {
            var judgements = Verdicts.Judge([.. _names.Select(name => (name.Now, name.Base))]);
            return [.. _names.Select((name, i) => Compared(name.MetricType, name.Name, name.Now, name.Base, judgements[i]))];
        }

        /// <summary>Compares groups of names; returns one without figures when both periods are empty.</summary>
        public List<ComparedStatistics> Above(Func<NamePair, MetricType?> groupOf)
        {
            var groups = _names.GroupBy(groupOf).Select(group => (Type: group.Key, Pair: Merge([.. group]))).ToList();
            if (groups.Count == 0)
            {
                groups.Add((null, Merge([])));
            }

            var judgements = StratifiedVerdicts.Judge([.. groups.Select(group => group.Pair)]);
            return [.. groups.Select((group, i) => Compared(group.Type, null, group.Pair.Now, group.Pair.Base, judgements[i]))];
        }

        private static StratifiedPair Merge(List<NamePair> names) =>
            new(FigureMerge.Of(names.Select(name => name.Now).OfType<StatisticsBuilder>()), FigureMerge.Of(names.Select(name => name.Base).OfType<StatisticsBuilder>()), names);

        private ComparedStatistics Compared(MetricType? type, string? name, StatisticsBuilder? figures, StatisticsBuilder? baseFigures, Judgement judgement) =>
            new(type, name, (figures ?? new()).Build(now.Range.Range.Length), (baseFigures ?? new()).Build(before.Range.Range.Length), judgement);
    }
}
