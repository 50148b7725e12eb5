using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Tests.Views.Comparison;

/// <summary>Rows of comparisons.</summary>
internal static class SampleComparison
{
    public static OutcomeStatistics Nothing { get; } = new(0, 0, 0, 0, 0, null, null, null, null, null, null, null, null, 0);

    /// <summary>A row with ten operations and no base.</summary>
    public static ComparedStatistics Row(string name, MetricType type, double? p50, Verdict verdict) => new(
        type, name, new OutcomeStatistics(10, 10, 0, 0, 0, 1, p50, p50, p50, p50, p50, p50, p50, 1), Nothing, new(verdict, null, null, null, "Because."));
}
