using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Statistics;

public sealed class StatisticsBuilderTests
{
    [Fact]
    public void Nothing_says_nothing()
    {
        var none = new StatisticsBuilder().Build(TimeSpan.FromHours(1));
        Assert.Equal(new OutcomeStatistics(0, 0, 0, 0, 0, null, null, null, null, null, null, null, null, 0), none);
    }

    [Fact]
    public void Succeeded_and_failed_count_and_the_others_stand_beside()
    {
        var builder = new StatisticsBuilder();
        builder.Add(OutcomeKind.Succeeded, Of(1, 2, 3));
        builder.Add(OutcomeKind.Failed, Of(10));
        builder.Add(OutcomeKind.Cancelled, Of(500, 600));
        var abandoned = new Rollup();
        abandoned.AddCount(3);
        builder.Add(OutcomeKind.Abandoned, abandoned);
        Assert.Equal(new OutcomeStatistics(4, 3, 1, 2, 3, 0.75, 4, 1, 10, 2, 10, 10, 10, 2), builder.Build(TimeSpan.FromHours(2)));
        Assert.Equal(4, builder.Durations.Count);
        Assert.Equal(new Summary(4, 16, 1, 10), builder.Facts["seconds"]);
    }

    [Fact]
    public void A_quantile_stays_between_shortest_and_longest()
    {
        var builder = new StatisticsBuilder();
        builder.Add(OutcomeKind.Succeeded, Of([.. Enumerable.Repeat(0.123456, 1000)]));
        var statistics = builder.Build(TimeSpan.FromDays(1));
        Assert.Equal((0.123456, 0.123456, 0.123456), (statistics.P50, statistics.P99, statistics.Max));
        Assert.NotEqual(0.123456, builder.Durations.Quantile(0.5));
    }

    [Fact]
    public void What_is_taken_back_too_often_is_zero()
    {
        var builder = new StatisticsBuilder();
        var back = new Rollup();
        back.AddCount(-2);
        builder.Add(OutcomeKind.Abandoned, back);
        Assert.Equal(0, builder.Build(TimeSpan.FromHours(1)).Abandoned);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Build(TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Add((OutcomeKind)9, back));
    }

    private static Rollup Of(params double[] values)
    {
        var rollup = new Rollup();
        foreach (double value in values)
        {
            rollup.Add(value);
            rollup.AddFact("seconds", value);
        }

        return rollup;
    }
}
