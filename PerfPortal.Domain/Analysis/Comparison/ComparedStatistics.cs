using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Comparison;

/// <summary>The statistics of an operation name, a metric type or all operations in two periods, with a verdict.</summary>
/// <param name="MetricType">The type, or <see langword="null"/> for all.</param>
/// <param name="Name">The name, or <see langword="null"/> for all names of the type.</param>
/// <param name="Statistics">The statistics of the period; all zero when no operation ended in it.</param>
/// <param name="Base">The statistics of the base period or baseline; all zero when no operation ended in it.</param>
/// <param name="Judgement">The verdict on <paramref name="Statistics"/>, with the ratio of medians, p-values and reason.</param>
public sealed record ComparedStatistics(MetricType? MetricType, string? Name, OutcomeStatistics Statistics, OutcomeStatistics Base, Judgement Judgement)
{
    /// <summary>Whether any operation ended in the base period.</summary>
    public bool HasBase => Base.Count + Base.Cancelled + Base.Abandoned > 0;
}
