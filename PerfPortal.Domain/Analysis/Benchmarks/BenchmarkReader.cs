using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Benchmarks;

/// <summary>The parameters of a benchmark query.</summary>
/// <param name="Range">The range; operations count by their end time.</param>
/// <param name="Filter">The filter for operations.</param>
/// <param name="Pinned">The baseline, or <see langword="null"/> for the previous period.</param>
public sealed record BenchmarkRequest(TimeRange Range, SeriesFilter Filter, TimeRange? Pinned = null);

/// <summary>Benchmarks per operation name.</summary>
/// <param name="Range">The range of the answer.</param>
/// <param name="BaselineRange">The baseline's range.</param>
/// <param name="BaselineKind"><c>previous</c> or <c>pinned</c>.</param>
/// <param name="Test">The tests behind the verdicts.</param>
/// <param name="Items">The benchmarks, ordered by type and name; names without operations in the range are omitted.</param>
public sealed record BenchmarkAnswer(
    AnsweredRange Range, AnsweredRange BaselineRange, string BaselineKind, string Test, IReadOnlyList<ComparedStatistics> Items)
{
    /// <summary>All operations, judged by what the names did; names that ended only in the baseline are part of its mix.</summary>
    public required ComparedStatistics Total { get; init; }

    /// <summary>Each type with operations in either period, judged in the same way.</summary>
    public required IReadOnlyList<ComparedStatistics> Types { get; init; }
}

/// <summary>Reads benchmarks per name; verdicts come from <see cref="Verdicts"/>. Types and total are those of <see cref="PeriodComparer"/>.</summary>
public sealed class BenchmarkReader(StatisticsReader statistics)
{
    /// <summary>Reads the benchmarks of a range.</summary>
    /// <exception cref="ArgumentException">A range is empty.</exception>
    public async Task<BenchmarkAnswer> ReadAsync(BenchmarkRequest request, CancellationToken cancellationToken)
    {
        var baselineRange = request.Pinned ?? request.Range.Previous;
        if (request.Range.Length <= TimeSpan.Zero || baselineRange.Length <= TimeSpan.Zero)
        {
            throw new ArgumentException("Benchmark ranges must not be empty.", nameof(request));
        }

        const StatisticsGrouping Grouping = StatisticsGrouping.MetricType | StatisticsGrouping.Name;
        var now = await statistics.ReadAsync(new(request.Range, request.Filter, Grouping, WithFacts: false), cancellationToken).ConfigureAwait(false);
        var before = await statistics.ReadAsync(new(baselineRange, request.Filter, Grouping, WithFacts: false), cancellationToken).ConfigureAwait(false);
        var groups = now.Groups.Keys.OrderBy(group => group.MetricType).ThenBy(group => group.Name, StringComparer.Ordinal).ThenBy(group => group.Source, StringComparer.Ordinal).ToList();
        var judgements = Verdicts.Judge([.. groups.Select(group => ((StatisticsBuilder?)now.Groups[group], before.Groups.GetValueOrDefault(group)))]);
        var compared = PeriodComparer.Compare(now, before);
        return new(
            now.Range, before.Range, request.Pinned is null ? "previous" : "pinned", Verdicts.TestName,
            [
                .. groups.Select((group, i) => new ComparedStatistics(group.MetricType, group.Name, now.Of(group), before.Of(group), judgements[i])),
            ])
        {
            Total = compared.Total,
            Types = compared.Types,
        };
    }
}
