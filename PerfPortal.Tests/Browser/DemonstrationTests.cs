using Microsoft.Playwright;
using Xunit;

namespace PerfPortal.Tests.Browser;

/// <summary>The first five minutes: an empty portal is filled with demonstration data and emptied again.</summary>
public sealed class DemonstrationTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task An_empty_dashboard_loads_demonstration_data_and_every_page_says_so_until_it_is_removed()
    {
        var page = await browser.OpenAsync(1440, ColorScheme.Light);
        await page.GotoAsync(new Uri(browser.Address, "/?window=24h").ToString());
        await Assertions.Expect(page.Locator("html[data-interactive]")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Load demonstration data" }).ClickAsync();
        var notice = page.GetByText("Demonstration data is loaded (source demo)");
        await Assertions.Expect(notice).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Load demonstration data" })).ToHaveCountAsync(0);
        await page.GotoAsync(new Uri(browser.Address, "/operations?window=24h").ToString());
        await Assertions.Expect(page.Locator("html[data-interactive]")).ToHaveCountAsync(1);
        await Assertions.Expect(notice).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("tbody tr").First).ToContainTextAsync("demo");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove it" }).ClickAsync();
        await Assertions.Expect(notice).ToHaveCountAsync(0);
        await page.GotoAsync(new Uri(browser.Address, "/?window=24h").ToString());
        await Assertions.Expect(page.Locator("html[data-interactive]")).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Load demonstration data" })).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }
}
