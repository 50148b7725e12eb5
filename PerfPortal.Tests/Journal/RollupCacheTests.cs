using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Journal;

public sealed class RollupCacheTests
{
    [Fact]
    public void It_holds_no_more_bytes_than_asked_for_and_the_least_used_go_first()
    {
        var page = Page(50);
        var cache = new RollupCache((page.Bytes + 150) * 10);
        for (int i = 0; i < 100; i++)
        {
            cache.Put(At(i), page);
            Assert.NotNull(cache.Find(At(0)));
            Assert.InRange(cache.Bytes, 1, (page.Bytes + 150) * 10);
        }

        Assert.Equal(10, cache.Count);
        Assert.NotNull(cache.Find(At(99)));
        Assert.Null(cache.Find(At(50)));
    }

    [Fact]
    public void What_is_larger_than_all_the_room_is_not_held_and_drives_nothing_out()
    {
        var small = Page(1);
        var cache = new RollupCache(small.Bytes + 200);
        cache.Put(At(1), small);
        cache.Put(At(2), Page(500));
        Assert.NotNull(cache.Find(At(1)));
        Assert.Null(cache.Find(At(2)));
    }

    [Fact]
    public void Pages_are_forgotten_one_by_one_and_before_a_bucket()
    {
        var cache = new RollupCache(1_000_000);
        for (int i = 0; i < 10; i++)
        {
            cache.Put(At(i), Page(3));
            cache.Put(At(i) with { Resolution = RollupResolution.Hour }, Page(3));
        }

        cache.RemoveBefore(RollupResolution.Minute, 4);
        cache.Remove(At(9));
        Assert.Equal(15, cache.Count);
        Assert.Null(cache.Find(At(3)));
        Assert.NotNull(cache.Find(At(4)));
        Assert.Equal(15 * (Page(3).Bytes + 150), cache.Bytes);
    }

    private static PageAt At(long bucket) => new(RollupResolution.Minute, bucket);

    private static RollupPage Page(int entries) => RollupPage.Of([.. Enumerable.Range(0, entries).Select(i =>
    {
        var rollup = new Rollup();
        rollup.Add(i);
        return (i, (byte)1, rollup);
    })]);
}
