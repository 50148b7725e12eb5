using Microsoft.Playwright;
using Xunit;

namespace PerfPortal.Tests.Browser;

/// <summary>The shell in a real browser: time zone, keyboard, focus and time range.</summary>
public sealed class ShellTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string FixedRange = "?from=2026-03-04T10:00:00Z&to=2026-03-04T11:00:00Z";

    [Fact]
    public async Task A_first_visit_from_another_time_zone_shows_its_times_from_the_start()
    {
        var first = await browser.OpenAsync(1440, ColorScheme.Light, "America/New_York");
        await first.GotoAsync(new Uri(browser.Address, "/resources" + FixedRange).ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
        await Assertions.Expect(first.Locator(".range-button")).ToContainTextAsync("05:00", new() { Timeout = 30_000 });
        string html = await (await first.Context.APIRequest.GetAsync(new Uri(browser.Address, "/resources" + FixedRange).ToString())).TextAsync();
        Assert.Contains("05:00", html, StringComparison.Ordinal);
        await first.Context.CloseAsync();
    }

    [Fact]
    public async Task Every_control_that_the_tab_key_reaches_shows_the_focus()
    {
        var page = await OpenAsync("/?window=1h");
        for (int stop = 0; stop < 40; stop++)
        {
            await page.Keyboard.PressAsync("Tab");
            string? unmarked = await page.EvaluateAsync<string?>(
                """
                () => {
                  const e = document.activeElement;
                  if (!e || e === document.body) return null;
                  const outlined = element => { const s = getComputedStyle(element); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0; };
                  const field = e.closest('.mud-input-outlined');
                  if (outlined(e) || (field && getComputedStyle(field.querySelector('.mud-input-outlined-border')).borderTopWidth === '2px')) return null;
                  return e.outerHTML.slice(0, 200);
                }
                """);
            Assert.Null(unmarked);
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_command_palette_opens_by_keyboard_and_goes_to_a_page()
    {
        var page = await OpenAsync("/?window=1h");
        await page.Keyboard.PressAsync("Control+k");
        await Assertions.Expect(page.Locator("[role=combobox][data-palette]")).ToBeFocusedAsync(new() { Timeout = 30_000 });
        await page.Keyboard.TypeAsync("bench", new() { Delay = 20 });
        await Assertions.Expect(page.Locator("[role=combobox][data-palette]")).ToHaveValueAsync("bench");
        await Assertions.Expect(page.Locator("[role=option]").First).ToContainTextAsync("Benchmarks");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Benchmarks", new() { Timeout = 30_000 });
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_time_range_is_changed_by_keyboard_alone()
    {
        var page = await OpenAsync("/operations?window=1h");
        await page.Keyboard.PressAsync("t");
        await Assertions.Expect(page.Locator("#range-from")).ToBeFocusedAsync(new() { Timeout = 30_000 });
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("yesterday", new() { Delay = 20 });
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("today", new() { Delay = 20 });
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("from=now-1d%2Fd&to=now%2Fd"), new() { Timeout = 30_000 });
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_other_pages_are_reached_on_a_phone_by_a_tap_on_more()
    {
        var page = await OpenAsync("/?window=1h", 390);
        await page.GetByRole(AriaRole.Button, new() { Name = "More" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Insights" }).Or(page.Locator(".mud-popover-open a", new() { HasText = "Insights" })).First.ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Insights", new() { Timeout = 30_000 });
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_time_range_panel_fits_a_phone_and_gives_the_focus_back()
    {
        var page = await OpenAsync("/?window=1h", 390);
        await page.Locator(".range-button").ClickAsync();
        await Assertions.Expect(page.Locator("#range-from")).ToBeVisibleAsync();
        float[] edges = await page.Locator(".range-panel").EvaluateAsync<float[]>("e => [e.getBoundingClientRect().left, e.getBoundingClientRect().right]");
        Assert.True(edges[0] >= 0 && edges[1] <= 390, $"The panel spans {edges[0]} to {edges[1]} px.");
        await page.Locator("#range-from").FocusAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator(".range-button")).ToBeFocusedAsync();
        await page.Context.CloseAsync();
    }

    private async Task<IPage> OpenAsync(string path, int width = 1440)
    {
        var page = await browser.OpenAsync(width, ColorScheme.Light);
        await page.GotoAsync(new Uri(browser.Address, path).ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
        await Assertions.Expect(page.Locator("html[data-interactive]")).ToHaveCountAsync(1, new() { Timeout = 30_000 });
        return page;
    }
}
