using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Views.Reports;

namespace PerfPortal.Tests.Reports;

/// <summary>A small report with names that mean harm.</summary>
internal static class ReportFixture
{
    public const string Name = "=cmd|'<script>alert(1)</script>";

    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public static OutcomeStatistics Figures { get; } = new(4, 3, 1, 0, 0, 0.75, 2, 1, 4, 1.5, 4, 4, 4, 0.5);

    public static PerformanceReport Report()
    {
        var range = new ReportRange(Noon.AddHours(-8), Noon, "exact");
        var pair = new ReportPair(null, null, Figures, Figures, 1, Verdict.Unchanged, 0.5, 1, "No clear difference that matters.");
        return new()
        {
            GeneratedAt = Noon,
            Range = range,
            Summary = Figures,
            Score = new(90, true, [new("success_rate", "75 % succeed.", 10)], null, 4),
            Types = [new(MetricType.ModelOperation, null, Figures, [new("frames", "Frames", "", 4, 40, 5, 10, 15)])],
            Names = [new(MetricType.ModelOperation, Name, Figures, [])],
            Resources = [new("host", [new("cpu_percent", "%", 1, 2, 3, [1, null, 3])], new Dictionary<string, string> { ["gpu"] = "There is none." })],
            Analysis = new(Noon.AddHours(-24), Noon, 4, 60, 1.5),
            Bottlenecks =
            [
                new()
                {
                    Kind = BottleneckKinds.HighCpu, Severity = Severity.Critical, Sentence = "Busy.", Value = 0.5, Threshold = 0.2, Unit = "share",
                    Evidence = new() { Stretches = [new(Noon.AddHours(-1), Noon)] },
                },
            ],
            Findings =
            [
                new(
                    "f1", "regression", "open", Severity.Warning, null, MetricType.ModelOperation, Name, "duration", Noon.AddHours(-3), null, 0.138, "ratio", 0.9999, "It rose from 3.5 s to 4 s.",
                    "Look at the slowest operations.", "f1"),
                new("f2", "anomaly", "closed", Severity.Critical, "host", null, null, "cpu_percent", Noon.AddHours(-6), Noon.AddHours(-5), 40, "%", 0.9, "CPU was at 97 %.", null, "f2"),
            ],
            Recommendations = [],
            Trends = [],
            Comparison = new(range, range, "a test", pair, [], []),
            Timeline = new(3600, [new(Noon.AddHours(-1), 3, 1, 4)]),
        };
    }
}
