using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Journal;

public sealed class RollupSumsTests
{
    private static readonly Dictionary<StatisticsGroup, StatisticsBuilder> Figures = new() { [default] = new() };
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void They_hold_no_more_bytes_than_asked_for_and_the_least_used_go_first()
    {
        var sums = new RollupSums(10_000, _time);
        for (int i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            sums.Put(Hours(i, i + 1), Figures);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.NotNull(sums.Find(Hours(0, 1)));
            Assert.InRange(sums.Bytes, 1, 10_000);
        }

        Assert.InRange(sums.Count, 2, 50);
        Assert.NotNull(sums.Find(Hours(99, 100)));
        Assert.Null(sums.Find(Hours(50, 51)));
    }

    [Fact]
    public void What_is_larger_than_all_the_room_is_not_held_and_drives_nothing_out()
    {
        var sums = new RollupSums(2_000, _time);
        sums.Put(Hours(1, 2), Figures);
        sums.Put(Hours(2, 3), Enumerable.Range(0, 100).ToDictionary(i => new StatisticsGroup(0, null, $"name {i}", null), _ => new StatisticsBuilder()));
        Assert.NotNull(sums.Find(Hours(1, 2)));
        Assert.Null(sums.Find(Hours(2, 3)));
    }

    [Fact]
    public void A_sum_is_of_one_range_filter_grouping_and_kind()
    {
        var sums = new RollupSums(100_000, _time);
        sums.Put(Hours(1, 5), Figures);
        Assert.Same(Figures, sums.Find(Hours(1, 5) with { Filter = new SeriesFilter() }));
        Assert.Null(sums.Find(Hours(1, 4)));
        Assert.Null(sums.Find(Hours(1, 5) with { Resolution = RollupResolution.Minute }));
        Assert.Null(sums.Find(Hours(1, 5) with { Filter = new() { Name = "n" } }));
        Assert.Null(sums.Find(Hours(1, 5) with { Grouping = StatisticsGrouping.Name }));
        Assert.Null(sums.Find(Hours(1, 5) with { WithFacts = true }));
    }

    [Fact]
    public void They_are_forgotten_by_their_pages_and_before_a_bucket()
    {
        var sums = new RollupSums(100_000, _time);
        SumOf[] all = [Hours(1, 5), Hours(5, 9), Hours(1, 5) with { Resolution = RollupResolution.Minute }];
        void Fill() => Array.ForEach(all, sum => sums.Put(sum, Figures));
        Fill();
        sums.Remove([new(RollupResolution.Hour, 4), new(RollupResolution.Hour, 9), new(RollupResolution.Minute, 5)]);
        Assert.Equal([false, true, true], all.Select(sum => sums.Find(sum) is not null));
        Fill();
        sums.RemoveBefore(RollupResolution.Hour, 5);
        Assert.Equal([false, true, true], all.Select(sum => sums.Find(sum) is not null));
        sums.RemoveBefore(RollupResolution.Hour, 6);
        sums.RemoveBefore(RollupResolution.Minute, 2);
        Assert.Equal((0, 0), (sums.Count, sums.Bytes));
    }

    [Fact]
    public void What_nobody_asks_for_any_more_goes_and_there_are_never_many()
    {
        var sums = new RollupSums(100_000_000, _time);
        sums.Put(Hours(0, 1), Figures);
        for (int minute = 1; minute <= 20; minute++)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            sums.Put(Hours(minute, minute + 1), Figures);
            Assert.NotNull(sums.Find(Hours(0, 1)));
            Assert.InRange(sums.Count, 1, 6);
        }

        for (int i = 0; i < 2_000; i++)
        {
            sums.Put(Hours(i, i + 2), Figures);
        }

        Assert.Equal(1_000, sums.Count);
    }

    private static SumOf Hours(long from, long to) => new(RollupResolution.Hour, from, to, SeriesFilter.Everyone, StatisticsGrouping.None, false);
}
