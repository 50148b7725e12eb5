using PerfPortal.Server.Pages;
using Xunit;

namespace PerfPortal.Tests.Pages;

public sealed class PageConnectionTests
{
    [Fact]
    public async Task A_page_is_shown_while_it_is_connected_and_in_the_foreground_and_each_change_is_told_once()
    {
        var connection = new PageConnection();
        var told = new List<bool>();
        connection.Changed += () => told.Add(connection.IsShown);
        Assert.True(connection.IsShown);
        connection.SetVisible(false);
        await connection.OnConnectionDownAsync(null!, TestContext.Current.CancellationToken);
        connection.SetVisible(true);
        await connection.OnConnectionUpAsync(null!, TestContext.Current.CancellationToken);
        await connection.OnConnectionUpAsync(null!, TestContext.Current.CancellationToken);
        Assert.Equal([false, true], told);
    }
}
