using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Bottlenecks;
using PerfPortal.Domain.Analysis.Scoring;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using Xunit;

namespace PerfPortal.Tests.Analysis;

public sealed class ScoreTests
{
    [Fact]
    public void Nine_operations_are_not_enough_for_a_score()
    {
        var score = Score(Days.Many(9, 1, status: OperationStatus.Failed));
        Assert.Null(score.Value);
        Assert.False(score.SufficientData);
        Assert.Empty(score.Deductions);
        Assert.Equal(100, Score(Days.Many(10, 1)).Value);
    }

    [Fact]
    public void Each_percentage_point_of_success_below_95_costs_a_point()
    {
        var ninety = Score([.. Days.Many(90, 1), .. Days.Many(10, 1, status: OperationStatus.Failed)]);
        Assert.Equal(5, ninety.Deductions.Single(deduction => deduction.Kind == "success_rate").Points);

        // Five for the rate and five for the bottleneck that it is.
        Assert.Equal(90, ninety.Value);
        Assert.Equal(100, Score([.. Days.Many(95, 1), .. Days.Many(5, 1, status: OperationStatus.Failed)]).Value);
        Assert.Equal(40, Score(Days.Many(100, 1, status: OperationStatus.Failed)).Deductions.Single(deduction => deduction.Kind == "success_rate").Points);
    }

    [Fact]
    public void A_95th_percentile_above_a_minute_costs_points()
    {
        double? Lost(double p95) => Score([.. Days.Many(93, 1), .. Days.Many(7, p95)]).Deductions.SingleOrDefault(deduction => deduction.Kind == "p95_duration")?.Points;
        Assert.InRange(Lost(120)!.Value, 9.7, 10.3);
        Assert.Equal(20, Lost(10_000));
        Assert.Null(Lost(59));
    }

    [Fact]
    public void Six_thousand_fast_operations_give_no_points_back()
    {
        List<Operation> day =
        [
            .. Days.Many(80, 10, MetricType.DownloadOperation, "fetch"), .. Days.Many(20, 10, MetricType.DownloadOperation, "fetch", OperationStatus.Failed),
            .. Days.Many(40, 130, name: "render"),
        ];
        double before = Score(day).Value!.Value;
        Assert.InRange(before, 50, 80);
        foreach (var (type, name) in new[] { (MetricType.HealthCheck, "ping"), (MetricType.DownloadOperation, "probe"), (MetricType.ModelOperation, "infer") })
        {
            var after = Score([.. day, .. Days.Many(6000, 0.05, type, name)]);
            Assert.Equal(Score(day).Deductions.Where(item => item.Kind is "success_rate" or "p95_duration"), after.Deductions.Where(item => item.Kind is "success_rate" or "p95_duration"));

            // A slow share of the type can fall below its limit; nothing else changes.
            Assert.InRange(after.Value!.Value, before, before + 5);
        }
    }

    [Fact]
    public void The_worst_name_counts_fully_the_next_half_and_so_on()
    {
        // Success rates of 75 %, 85 % and 90 %: 20 + 10/2 + 5/4 points.
        Operation[] Name(string name, int failed) => [.. Days.Many(100 - failed, 1, name: name), .. Days.Many(failed, 1, name: name, status: OperationStatus.Failed)];
        var lost = Score([.. Name("a", 25), .. Name("b", 15), .. Name("c", 10), .. Name("d", 5)]).Deductions.Single(item => item.Kind == "success_rate");
        Assert.Equal(26.3, lost.Points);
        Assert.Equal("Success rate of model operations of a is 75 %; the target is 95 %; 2 more names miss it.", lost.Cause);
        Assert.Equal("20 fewer failures among 100 model operations of a, and 2 more names to the target.", lost.Remedy);
    }

    [Fact]
    public void Rare_names_are_judged_together_and_a_single_failure_is_no_rate()
    {
        var rare = Enumerable.Range(0, 10).SelectMany(i => Days.Many(2, 1, name: "once " + i, status: i < 5 ? OperationStatus.Failed : OperationStatus.Succeeded)).ToList();
        var score = Score(rare);
        Assert.Equal(40, score.Deductions.Single(item => item.Kind == "success_rate").Points);
        Assert.Equal((0, 10, 0), (score.Sufficiency!.NamesJudged, score.Sufficiency.NamesTogether, score.Sufficiency.NamesLeftOut));

        var single = Score([.. Days.Many(50, 1), .. Days.Many(1, 1, MetricType.FallbackStrategy, "rare", OperationStatus.Failed)]);
        Assert.Equal(100, single.Value);
        Assert.Equal((1, 0, 1), (single.Sufficiency!.NamesJudged, single.Sufficiency.NamesTogether, single.Sufficiency.NamesLeftOut));
    }

    [Fact]
    public void The_p95_limit_is_that_of_the_type_and_can_be_edited()
    {
        IReadOnlyList<ScoreDeduction> Of(PerformanceThresholds thresholds) => PerformanceScoring.Of(Days.Input(Days.Many(20, 400, MetricType.DownloadOperation, "fetch"), thresholds: thresholds), []).Deductions;
        Assert.Empty(Of(new()));
        var lost = Assert.Single(Of(new() { P95DurationSecondsByType = new(200) }));
        Assert.InRange(lost.Points, 9.8, 10.2);
        Assert.StartsWith("19 of 20 downloads of fetch down to", lost.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_deduction_says_what_would_give_its_points_back()
    {
        var host = Days.Measured(ResourceMetric.CpuPercent, 2, _ => 95, (ResourceMetric.DiskFreeGb, 1.5));
        var score = Score([.. Days.Many(80, 1), .. Days.Many(20, 300), .. Days.Many(10, 1, status: OperationStatus.Failed)], host);
        Assert.Equal(
            [
                ("high_cpu", "1 h 36 m less above the limit on host-a."), ("high_failure_rate", "5 fewer failures among 110 model operations of generate."),
                ("low_disk", "3.5 GiB more free disk space on host-a."), ("p95_duration", "15 of 110 model operations of generate down to 1 m 00 s."),
                ("slow_operations", "9 fewer slow ones among 110 model operations."),
            ],
            score.Deductions.Where(item => item.Kind != "success_rate").Select(item => (item.Kind, item.Remedy!)).Order());
    }

    [Fact]
    public void Each_bottleneck_costs_five_points()
    {
        var host = Days.Measured(ResourceMetric.CpuPercent, 2, _ => 95, (ResourceMetric.MemoryPercent, 99), (ResourceMetric.DiskFreeGb, 1));
        var score = Score(Days.Many(20, 1), host);
        Assert.Equal(85, score.Value);
        Assert.Equal(3, score.Deductions.Count(deduction => deduction.Points == 5));
        Assert.Null(score.Bonus);
    }

    [Fact]
    public void Efficient_resources_win_points_back_and_never_more_than_a_hundred()
    {
        var idle = Days.Measured(ResourceMetric.CpuPercent, 10, _ => 20);
        var operations = Days.Many(92, 1).Concat(Days.Many(8, 1, status: OperationStatus.Failed)).ToList();
        Assert.Equal(92, Score(operations).Value);
        Assert.Equal(97, Score(operations, idle).Value);
        Assert.Equal(5, Score(operations, idle).Bonus!.Points);
        Assert.Equal(100, Score(Days.Many(10, 1), idle).Value);

        // A tenth of the time above the limit is half of what makes a bottleneck: half of the bonus.
        var busy = Days.Measured(ResourceMetric.CpuPercent, 10, at => at > Days.Now.AddHours(-1) ? 95 : 20);
        Assert.InRange(Score(operations, busy).Bonus!.Points, 2.4, 2.6);
    }

    private static PerformanceScore Score(IEnumerable<Operation> operations, params HostResources[] hosts)
    {
        var input = Days.Input(operations, hosts);
        return PerformanceScoring.Of(input, BottleneckRules.Find(input));
    }
}
