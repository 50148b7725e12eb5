using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Views.Findings;
using Xunit;

namespace PerfPortal.Tests.Views.Findings;

public sealed class ThresholdPreviewTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_bottleneck_is_the_same_by_kind_and_subject_whatever_its_number()
    {
        var effect = ThresholdPreview.Compare(
            Result(Found(BottleneckKinds.HighCpu, "a"), Found(BottleneckKinds.LowDisk, "a")),
            Result(Found(BottleneckKinds.HighCpu, "a") with { Value = 0.9 }, Found(BottleneckKinds.HighCpu, "b")));
        Assert.Equal("b", Assert.Single(effect.Appearing).Source);
        Assert.Equal(BottleneckKinds.LowDisk, Assert.Single(effect.Vanishing).Kind);
        Assert.Equal((0.5, 0.9), (Assert.Single(effect.Kept).Before.Value, effect.Kept[0].After.Value));
    }

    [Fact]
    public void Degradations_are_told_apart_by_the_operation()
    {
        var effect = ThresholdPreview.Compare(
            Result(Found(BottleneckKinds.Degradation, null) with { OperationName = "x" }),
            Result(Found(BottleneckKinds.Degradation, null) with { OperationName = "y" }));
        Assert.Equal("y", Assert.Single(effect.Appearing).OperationName);
        Assert.Equal("x", Assert.Single(effect.Vanishing).OperationName);
    }

    private static Bottleneck Found(string kind, string? source) =>
        new() { Kind = kind, Severity = Severity.Warning, Sentence = "", Value = 0.5, Threshold = 0.2, Unit = "share", Source = source };

    private static AnalysisResult Result(params Bottleneck[] bottlenecks) => new()
    {
        At = Noon,
        Range = new(Noon.AddDays(-1), Noon),
        Milliseconds = 1,
        OperationsExamined = 0,
        SamplesExamined = 0,
        Summary = new StatisticsBuilder().Build(TimeSpan.FromDays(1)),
        Types = new Dictionary<MetricType, OutcomeStatistics>(),
        Bottlenecks = bottlenecks,
        Recommendations = [],
        Score = new(null, false, [], null, 0),
        Trends = [],
    };
}
