using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Journal;

public sealed class StatisticsMergeTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private readonly StatisticsMerge _merge = new(new(new(Noon, Noon.AddHours(1)), SeriesFilter.Everyone), null, new());

    [Fact]
    public void Figures_alone_are_handed_on_and_not_copied()
    {
        var held = Held(3);
        _merge.Add(held);
        Assert.Same(held[default], Assert.Single(_merge.ToGroups()).Value);
    }

    [Fact]
    public void What_is_added_to_figures_does_not_reach_those_that_are_held()
    {
        var held = Held(3);
        _merge.Add(held);
        _merge.Add(Noon, new(MetricType.HealthCheck, "alpha", "check"), OperationStatus.Succeeded, Counted(2));
        Assert.Equal(5, Assert.Single(_merge.ToGroups()).Value.Succeeded);
        Assert.Equal(3, held[default].Succeeded);
    }

    [Fact]
    public void Figures_upon_figures_leave_both_as_they_were()
    {
        var (first, second) = (Held(3), Held(4));
        _merge.Add(first);
        _merge.Add(second);
        Assert.Equal(7, Assert.Single(_merge.ToGroups()).Value.Succeeded);
        Assert.Equal((3, 4), (first[default].Succeeded, second[default].Succeeded));
    }

    private static Dictionary<StatisticsGroup, StatisticsBuilder> Held(int count)
    {
        var figures = new StatisticsBuilder();
        figures.Add(OutcomeKind.Succeeded, Counted(count));
        return new() { [default] = figures };
    }

    private static Rollup Counted(int count)
    {
        var rollup = new Rollup();
        for (int i = 0; i < count; i++)
        {
            rollup.Add(1);
        }

        return rollup;
    }
}
