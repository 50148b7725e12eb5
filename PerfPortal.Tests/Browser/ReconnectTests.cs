using Microsoft.Playwright;
using PerfPortal.Tests.Hosting;
using Xunit;

namespace PerfPortal.Tests.Browser;

/// <summary>A page whose server goes away and comes back.</summary>
public sealed class ReconnectTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task A_link_clicked_while_the_server_is_away_shows_the_banner_and_opens_when_it_is_back()
    {
        var page = await browser.OpenAsync(1440, ColorScheme.Light);
        await page.GotoAsync(new Uri(browser.Address, "/live?window=1h").ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
        await Assertions.Expect(page.Locator("html[data-connection=open]")).ToHaveCountAsync(1, new() { Timeout = 60_000 });
        await browser.StopPortalAsync();
        await Assertions.Expect(page.Locator("html[data-connection=lost]")).ToHaveCountAsync(1, new() { Timeout = 60_000 });

        await page.Locator("a[href*='/resources']").First.ClickAsync();
        await Assertions.Expect(page.Locator("#components-reconnect-modal")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#components-reconnect-modal")).ToContainTextAsync("The link that you clicked opens then.");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Live operations");
        await page.Locator("#components-reconnect-modal button").ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Live operations");
        Assert.Contains("/live", page.Url, StringComparison.Ordinal);

        await browser.StartPortalAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Resources", new() { Timeout = 60_000 });
        await page.Context.CloseAsync();
    }
}
