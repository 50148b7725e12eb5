using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Dashboard;
using PerfPortal.Tests.Pages;
using Xunit;

namespace PerfPortal.Tests.Views.Dashboard;

public sealed class OperationsChartTests
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
        var chart = Chart(groups);
        Assert.Equal("Operations completed per minute", chart.Title);
        Assert.Equal([0, 3, 0, 1], chart.Data.Series[0].Values);
        Assert.Equal([0, 2, 0, 0], chart.Data.Series[1].Values);
        Assert.Equal(["--ok", "--crit"], chart.Data.Series.Select(series => series.Color));
        Assert.Equal(chart.Data.Series[0].Stack, chart.Data.Series[1].Stack);
    }

    [Fact]
    public void Without_operations_the_chart_is_empty_and_not_a_line_of_zeros() => Assert.True(Chart([]).Data.IsEmpty);

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

    private static ChartModel Chart(Dictionary<StatisticsGroup, StatisticsBuilder> groups) =>
        OperationsChart.Of(Range, Grid, new(new(Range.From, Range.To, "exact"), groups));
}
