using Microsoft.Playwright;
using Xunit;

namespace PerfPortal.Tests.Browser;

/// <summary>The operations page in a real browser: typing over a slow link, links that are opened elsewhere, and the way back from an operation.</summary>
public sealed class OperationsPageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Path = "/api/v1/performance/operations";
    private const string Name = "mistral-7b-instruct";
    private static readonly TimeSpan OneWay = TimeSpan.FromMilliseconds(150);

    [Theory]
    [InlineData(Name, "", true)]
    [InlineData("mistral", "-7b-instruct", true)]
    [InlineData(Name, "", false)]
    public async Task Text_typed_at_40_ms_a_key_over_a_link_of_300_ms_is_not_changed_by_the_server(string text, string afterPause, bool isInteractive)
    {
        var page = await browser.OpenAsync(1440, ColorScheme.Light);
        await using var link = new DelayedLink(browser.Address, OneWay);
        await page.GotoAsync(new Uri(link.Address, "/operations?window=1h").ToString(), new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        var field = page.GetByLabel("Name or error contains");
        if (isInteractive)
        {
            await InteractiveAsync(page);
        }

        await field.ClickAsync();
        await page.Keyboard.TypeAsync(text, new() { Delay = 40 });

        // Longer than the pause after which the text is applied, so that its echo arrives while the rest is typed.
        await page.WaitForTimeoutAsync(afterPause.Length == 0 ? 0 : 450);
        await page.Keyboard.TypeAsync(afterPause, new() { Delay = 40 });
        await Assertions.Expect(field).ToHaveValueAsync(Name);
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("q=" + Name + "(&|$)"), new() { Timeout = 30_000 });
        await Assertions.Expect(page.GetByText("Text:")).ToContainTextAsync(Name, new() { Timeout = 30_000 });
        await Assertions.Expect(field).ToHaveValueAsync(Name);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_copied_link_shows_the_same_view_in_another_browser()
    {
        await EndAsync("linked-a", success: true);
        await EndAsync("linked-b", success: false);
        var page = await browser.OpenAsync(1440, ColorScheme.Light);
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        const string View = "/operations?window=6h&source=browser&metric_type=download_operation&status=failed&q=linked&sort=-duration_seconds&columns=name,duration_seconds";
        await page.GotoAsync(new Uri(browser.Address, View).ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
        await Assertions.Expect(page.Locator("tbody a[data-open]")).ToHaveTextAsync(["linked-b"]);
        await InteractiveAsync(page);
        await page.Locator(".range-button").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy link" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Copied" })).ToBeVisibleAsync();
        string link = await page.EvaluateAsync<string>("navigator.clipboard.readText()");

        var other = await browser.OpenAsync(1440, ColorScheme.Light);
        await other.GotoAsync(link, new() { WaitUntil = WaitUntilState.NetworkIdle });
        await Assertions.Expect(other.Locator("tbody a[data-open]")).ToHaveTextAsync(["linked-b"]);
        await Assertions.Expect(other.Locator("th")).ToHaveTextAsync(["Name", "Duration▼"]);
        await Assertions.Expect(other.GetByLabel("Name or error contains")).ToHaveValueAsync("linked");
        await Assertions.Expect(other.Locator(".range-button")).ToHaveTextAsync(await page.Locator(".range-button").TextContentAsync() ?? "");
        Assert.Equal(Parameters(page.Url), Parameters(other.Url));
        await other.Context.CloseAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task Back_from_an_operation_returns_the_focus_to_its_row()
    {
        for (int i = 0; i < 4; i++)
        {
            await EndAsync($"returned-{i}", success: true);
        }

        var page = await browser.OpenAsync(1440, ColorScheme.Light);
        await page.GotoAsync(new Uri(browser.Address, "/operations?window=1h&q=returned").ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
        await InteractiveAsync(page);
        var rows = page.Locator("tbody [data-row]");
        await Assertions.Expect(rows).ToHaveCountAsync(4);
        await rows.First.FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await Assertions.Expect(rows.Nth(2)).ToBeFocusedAsync();
        string? href = await rows.Nth(2).GetAttributeAsync("href");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("returned-", new() { Timeout = 30_000 });
        await page.GoBackAsync();
        await Assertions.Expect(page.Locator($"[data-row][href='{href}']")).ToBeFocusedAsync(new() { Timeout = 30_000 });
        await Assertions.Expect(page.Locator("[data-row][tabindex='0']")).ToHaveCountAsync(1);
        await page.Context.CloseAsync();
    }

    private static Task InteractiveAsync(IPage page) => Assertions.Expect(page.Locator("html[data-interactive]")).ToHaveCountAsync(1, new() { Timeout = 30_000 });

    private static SortedDictionary<string, string> Parameters(string url) =>
        new(Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(new Uri(url).Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString()));

    private async Task EndAsync(string name, bool success)
    {
        var started = await browser.Portal.Client.PostAsync(Path, new { metric_type = "download_operation", operation_name = name, source = "browser" });
        (await browser.Portal.Client.PostAsync($"{Path}/{started.Expect(201)["id"].GetString()}/complete", new { success, error_type = success ? null : "Broken" })).Expect(200);
    }
}
