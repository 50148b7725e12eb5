using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis;

/// <summary>The figures of operations of one type and name.</summary>
/// <param name="MetricType">The type.</param>
/// <param name="Name">The name.</param>
/// <param name="Figures">The figures.</param>
/// <param name="Statistics">What the figures say.</param>
public sealed record OperationGroup(MetricType MetricType, string Name, StatisticsBuilder Figures, OutcomeStatistics Statistics)
{
    /// <summary>A group over a range of that length.</summary>
    public static OperationGroup Of(MetricType type, string name, StatisticsBuilder figures, TimeSpan range) => new(type, name, figures, figures.Build(range));

    /// <summary>The time that all of them took together, seconds.</summary>
    public double TotalSeconds => (Statistics.Mean ?? 0) * Figures.Durations.Count;

    /// <summary>A numeric fact, when at least so many operations carried it.</summary>
    public Summary? Fact(string name, long atLeast) =>
        Figures.Facts.TryGetValue(name, out var summary) && summary.Count >= atLeast ? summary : null;
}
