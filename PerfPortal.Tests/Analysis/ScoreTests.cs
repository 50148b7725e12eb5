using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Bottlenecks;
using PerfPortal.Domain.Analysis.Scoring;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
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
