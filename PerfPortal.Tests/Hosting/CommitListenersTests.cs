using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Journal;
using PerfPortal.Server.Views;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Hosting;

public sealed class CommitListenersTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    [Fact]
    public void Who_holds_what_is_stored_hears_of_a_commit_before_the_live_feed_says_that_there_was_one()
    {
        var listeners = portal.Services.GetServices<ICommitListener>().ToList();
        Assert.Contains(portal.Services.GetRequiredService<LatestFailures>(), listeners);
        Assert.Contains(portal.Services.GetRequiredService<IResourceReader>() as ICommitListener, listeners);
        Assert.IsType<LiveFeed>(listeners[^1]);
    }
}
