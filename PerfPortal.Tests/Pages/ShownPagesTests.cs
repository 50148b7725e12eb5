using PerfPortal.Server.Pages;
using Xunit;

namespace PerfPortal.Tests.Pages;

public sealed class ShownPagesTests
{
    private readonly ShownPages _pages = new();

    [Fact]
    public void Few_pages_update_every_second_and_twenty_less_often()
    {
        Assert.Equal(TimeSpan.FromSeconds(1), _pages.Pace);
        var open = Enumerable.Range(0, 5).Select(_ => _pages.Enter()).ToList();
        Assert.Equal(TimeSpan.FromSeconds(1), _pages.Pace);
        open.AddRange(Enumerable.Range(0, 15).Select(_ => _pages.Enter()));
        Assert.Equal(TimeSpan.FromSeconds(4), _pages.Pace);
        open.ForEach(page => page.Dispose());
        Assert.Equal(TimeSpan.FromSeconds(1), _pages.Pace);
    }

    [Fact]
    public void A_page_that_leaves_twice_counts_once()
    {
        var first = _pages.Enter();
        var others = Enumerable.Range(0, 16).Select(_ => _pages.Enter()).ToList();
        first.Dispose();
        first.Dispose();
        Assert.Equal((TimeSpan.FromSeconds(3.2), 16), (_pages.Pace, others.Count));
    }
}
