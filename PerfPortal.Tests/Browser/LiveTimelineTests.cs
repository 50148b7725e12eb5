using Microsoft.Playwright;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Browser;

/// <summary>The timeline of the live page in a real browser.</summary>
public sealed class LiveTimelineTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Operations = "/api/v1/performance/operations";

    [Fact]
    public async Task A_bar_is_reached_with_the_arrows_and_opened_with_enter()
    {
        await StartAsync("first", "walked");
        string second = await StartAsync("second", "walked");
        var page = await browser.OpenAsync(1440, ColorScheme.Light);
        await page.GotoAsync(new Uri(browser.Address, "/live?window=1h&source=walked").ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
        var bars = page.Locator("[data-walk] a[data-row]");
        await Assertions.Expect(bars).ToHaveCountAsync(2, new() { Timeout = 60_000 });

        // The page renders again when it becomes interactive, and a bar that had the focus before has lost it.
        await Eventually.TrueAsync(
            async () =>
            {
                await bars.First.FocusAsync();
                await page.Keyboard.PressAsync("ArrowRight");
                return await bars.Nth(1).EvaluateAsync<bool>("bar => bar === document.activeElement");
            },
            "an arrow moves the focus to the second bar");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/operations/" + second + "*", new() { Timeout = 60_000 });
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Bars_move_left_with_time_and_stand_still_while_the_page_is_paused()
    {
        await StartAsync("moving", "moved");
        var page = await browser.OpenAsync(390, ColorScheme.Dark);
        await page.GotoAsync(new Uri(browser.Address, "/live?window=1h&minutes=1&source=moved").ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
        var track = page.Locator("[data-walk]");
        await Assertions.Expect(track.Locator("a").First).ToBeVisibleAsync(new() { Timeout = 60_000 });
        string? before = await track.GetAttributeAsync("style");
        await Assertions.Expect(track).Not.ToHaveAttributeAsync("style", before!, new() { Timeout = 30_000 });
        await page.Locator(".live-on").ClickAsync();
        await Assertions.Expect(page.Locator(".live-paused")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        string? paused = await track.GetAttributeAsync("style");
        await page.WaitForTimeoutAsync(2_500);
        Assert.Equal(paused, await track.GetAttributeAsync("style"));
        await page.Context.CloseAsync();
    }

    private async Task<string> StartAsync(string name, string source) =>
        (await browser.Portal.Client.PostAsync(Operations, new { metric_type = "download_operation", operation_name = name, source })).Expect(201)["id"].GetString()!;
}
