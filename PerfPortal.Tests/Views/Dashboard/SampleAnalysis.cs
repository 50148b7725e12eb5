using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Tests.Pages;

namespace PerfPortal.Tests.Views.Dashboard;

internal static class SampleAnalysis
{
    public static readonly OutcomeStatistics Nothing = new(0, 0, 0, 0, 0, null, null, null, null, null, null, null, null, 0);

    public static readonly AnalysisResult Empty = new()
    {
        At = PortalContext.Noon,
        Range = new(PortalContext.Noon.AddHours(-24), PortalContext.Noon),
        Milliseconds = 1,
        OperationsExamined = 0,
        SamplesExamined = 0,
        Summary = Nothing,
        Types = MetricTypes.All.ToDictionary(type => type, _ => Nothing),
        Bottlenecks = [],
        Recommendations = [],
        Score = new(null, false, [], null, 3),
        Trends = [],
    };

    public static OutcomeStatistics Some(long count, double p95) => new(count, count - 1, 1, 0, 0, 0.9, 1, 1, p95, 1, p95, p95, p95, count);

    public static Bottleneck Failing(Severity severity = Severity.Warning) => new()
    {
        Kind = BottleneckKinds.HighFailureRate,
        Severity = severity,
        Sentence = "9 % of operations failed.",
        Value = 0.09,
        Threshold = 0.05,
        Unit = "share",
        MetricType = MetricType.DownloadOperation,
        OperationName = "fetch a&b",
    };
}
