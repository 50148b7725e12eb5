using PerfPortal.Domain.Alerts;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Tests.Pages.Alerts;
using Xunit;

namespace PerfPortal.Tests.Pages.Layout;

public sealed class AlertNewsTests
{
    private static readonly DateTimeOffset Now = PortalContext.Noon;

    [Fact]
    public void Each_alert_is_told_once_when_it_fires_and_once_when_it_resolves()
    {
        var news = new AlertNews();
        var old = SampleAlerts.Firing(Now, "old");
        var fresh = SampleAlerts.Firing(Now, "fresh");
        Assert.Empty(news.Take(Book(old)));
        Assert.Equal([fresh.Id], news.Take(Book(old, fresh)).Select(alert => alert.Id));
        Assert.Empty(news.Take(Book(old, fresh)));
        var ended = SampleAlerts.Resolved(fresh, Now);
        Assert.Equal([ended.Id], news.Take(new([old], [ended], Now)).Select(alert => alert.Id));
        Assert.Empty(news.Take(new([old], [ended], Now)));
    }

    [Fact]
    public void A_muted_alert_is_not_told_until_the_silence_ends()
    {
        var news = new AlertNews();
        var muted = SampleAlerts.Firing(Now) with { MutedBy = "silence" };
        Assert.Empty(news.Take(AlertBook.Empty));
        Assert.Empty(news.Take(Book(muted)));
        Assert.Single(news.Take(Book(muted with { MutedBy = null })));
    }

    [Fact]
    public void An_alert_that_was_told_is_told_to_be_over_although_it_is_muted_meanwhile()
    {
        var news = new AlertNews();
        var alert = SampleAlerts.Firing(Now);
        Assert.Empty(news.Take(AlertBook.Empty));
        Assert.Single(news.Take(Book(alert)));
        var muted = alert with { MutedBy = "silence" };
        Assert.Empty(news.Take(Book(muted)));
        Assert.Single(news.Take(new([], [SampleAlerts.Resolved(muted, Now)], Now)));
    }

    private static AlertBook Book(params Alert[] current) => new(current, [], Now);
}
