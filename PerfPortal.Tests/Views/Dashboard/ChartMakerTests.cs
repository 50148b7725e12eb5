using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Views.Dashboard;
using PerfPortal.Tests.Pages;
using Xunit;

namespace PerfPortal.Tests.Views.Dashboard;

public sealed class ChartMakerTests
{
    private static readonly TimeRange Range = new(PortalContext.Noon, PortalContext.Noon.AddMinutes(4));
    private static readonly BucketGrid Grid = BucketGrid.Over(Range, 4, TimeSpan.FromMinutes(1));

    [Fact]
    public void Succeeded_and_failed_of_all_types_stand_on_each_other_per_step()
    {
        var groups = new Dictionary<StatisticsGroup, StatisticsBuilder>
        {
            [new(1, MetricType.DownloadOperation, null, null)] = Ended(OutcomeKind.Succeeded, 3),
            [new(1, MetricType.HealthCheck, null, null)] = Ended(OutcomeKind.Failed, 2),
            [new(3, MetricType.HealthCheck, null, null)] = Ended(OutcomeKind.Succeeded, 1),
        };
        var chart = ChartMaker.Of(Input(groups)).All[^1];
        Assert.Equal("Operations finished per minute", chart.Title);
        Assert.Equal([0, 3, 0, 1], chart.Data.Series[0].Values);
        Assert.Equal([0, 2, 0, 0], chart.Data.Series[1].Values);
        Assert.Equal(chart.Data.Series[0].Stack, chart.Data.Series[1].Stack);
    }

    [Fact]
    public void Without_operations_the_chart_is_empty_and_not_a_line_of_zeros() => Assert.True(ChartMaker.Of(Input([])).All[^1].Data.IsEmpty);

    [Fact]
    public void A_band_is_drawn_only_where_a_step_holds_more_than_one_value()
    {
        var single = new Dictionary<ResourceMetric, IReadOnlyList<ResourcePoint?>> { [ResourceMetric.CpuPercent] = [new(5, 5, 5), null] };
        var several = new Dictionary<ResourceMetric, IReadOnlyList<ResourcePoint?>> { [ResourceMetric.CpuPercent] = [new(5, 5, 5), new(1, 5, 9)] };
        Assert.Null(ChartMaker.Of(Input([], single)).All[0].Data.Series[0].High);
        Assert.Equal([5.0, 9.0], ChartMaker.Of(Input([], several)).All[0].Data.Series[0].High!);
    }

    [Fact]
    public void Without_a_gpu_there_is_its_reason_and_no_chart()
    {
        var charts = ChartMaker.Of(Input([]) with { Gpu = new(SensorState.Absent, "There is no GPU.") });
        Assert.Equal("There is no GPU.", charts.GpuAbsent);
        Assert.DoesNotContain("GPU", charts.All.Select(chart => chart.Title));
    }

    [Fact]
    public void With_a_gpu_there_is_a_chart_and_no_reason()
    {
        var charts = ChartMaker.Of(Input([], new() { [ResourceMetric.GpuUtilizationPercent] = [new(1, 2, 3)] }));
        Assert.Null(charts.GpuAbsent);
        Assert.Contains("GPU", charts.All.Select(chart => chart.Title));
    }

    [Fact]
    public void The_limits_in_force_are_drawn()
    {
        var chart = ChartMaker.Of(Input([]) with { Thresholds = new() { HighCpuPercent = 70 } }).All[0];
        Assert.Equal((70.0, "limit 70 %"), (chart.Thresholds[0].Value, chart.Thresholds[0].Label));
    }

    [Fact]
    public void The_course_of_a_row_counts_only_what_belongs_to_it()
    {
        var steps = new StatisticsAnswer(new(Range.From, Range.To, "exact"), new Dictionary<StatisticsGroup, StatisticsBuilder>
        {
            [new(0, MetricType.HealthCheck, null, null)] = Ended(OutcomeKind.Succeeded, 4),
            [new(2, MetricType.HealthCheck, null, null)] = Ended(OutcomeKind.Failed, 1),
            [new(2, MetricType.DownloadOperation, null, null)] = Ended(OutcomeKind.Failed, 9),
        });
        Assert.Equal([4, 0, 1, 0], TypeRows.Series(steps, Grid, group => group.MetricType == MetricType.HealthCheck));
    }

    private static StatisticsBuilder Ended(OutcomeKind outcome, int count)
    {
        var rollup = new Rollup();
        for (int i = 0; i < count; i++)
        {
            rollup.Add(1);
        }

        var builder = new StatisticsBuilder();
        builder.Add(outcome, rollup);
        return builder;
    }

    private static ChartInput Input(
        Dictionary<StatisticsGroup, StatisticsBuilder> groups, Dictionary<ResourceMetric, IReadOnlyList<ResourcePoint?>>? series = null) => new(
        "alpha", Range, ChartMaker.Resources("alpha", Range, new(Range, 60, [Range.From, Range.From.AddMinutes(1)], series ?? [])), Grid,
        new(new(Range.From, Range.To, "exact"), groups), PerformanceThresholds.Default, null);
}
