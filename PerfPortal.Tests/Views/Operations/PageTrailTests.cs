using PerfPortal.Domain.Journal;
using PerfPortal.Server.Views.Operations;
using Xunit;

namespace PerfPortal.Tests.Views.Operations;

public sealed class PageTrailTests
{
    [Fact]
    public void A_trail_survives_the_address()
    {
        var trail = PageTrail.First.Forward(new(5, -7)).Forward(new(long.MaxValue, 9));
        Assert.Equal(trail.Cursors, PageTrail.Read(trail.ToString()).Cursors);
        Assert.Equal(new PageCursor(long.MaxValue, 9), trail.Current);
        Assert.Equal(new PageCursor(5, -7), trail.Back().Current);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("5.x")]
    [InlineData("5.6~")]
    public void What_is_no_trail_is_the_first_page(string? text) => Assert.Null(PageTrail.Read(text).Current);

    [Fact]
    public void A_long_way_is_shortened_at_its_begin()
    {
        var trail = Enumerable.Range(0, PageTrail.MaxPages + 3).Aggregate(PageTrail.First, (way, page) => way.Forward(new(page, page)));
        Assert.Equal(PageTrail.MaxPages, trail.Cursors.Count);
        Assert.Equal(3, trail.Cursors[0].Key);
    }

    [Fact]
    public void Before_the_first_page_is_the_first_page() => Assert.Null(PageTrail.First.Back().ToString());
}
