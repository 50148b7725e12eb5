using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis;

/// <summary>The figures of operations of one type and name.</summary>
/// <param name="MetricType">The type.</param>
/// <param name="Name">The name.</param>
/// <param name="Figures">The figures.</param>
/// <param name="Statistics">The statistics of the figures.</param>
public sealed record OperationGroup(MetricType MetricType, string Name, StatisticsBuilder Figures, OutcomeStatistics Statistics)
{
    /// <summary>Creates a group for a range of this length.</summary>
    public static OperationGroup Of(MetricType type, string name, StatisticsBuilder figures, TimeSpan range) => new(type, name, figures, figures.Build(range));

    /// <summary>The sum of all durations, seconds.</summary>
    public double TotalSeconds => (Statistics.Mean ?? 0) * Figures.Durations.Count;

    /// <summary>A numeric fact, or <see langword="null"/> when fewer than <paramref name="atLeast"/> operations have it.</summary>
    public Summary? Fact(string name, long atLeast) =>
        Figures.Facts.TryGetValue(name, out var summary) && summary.Count >= atLeast ? summary : null;
}
