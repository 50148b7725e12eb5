using Microsoft.Playwright;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Browser;

/// <summary>The keyboard focus is on something after the control that had it is gone.</summary>
public sealed class FocusTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    [Fact]
    public async Task After_saving_a_threshold_the_focus_is_on_the_heading_of_the_save_area()
    {
        var page = await browser.OpenAsync(1440, ColorScheme.Light);
        await page.GotoAsync(new Uri(browser.Address, "/admin/thresholds").ToString());
        await InteractiveAsync(page);
        await page.Locator("#t-failure_rate").FillAsync("0.2");
        var save = page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true });
        await Assertions.Expect(save).ToBeEnabledAsync();
        await save.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#effect-title")).ToBeFocusedAsync();
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_decision_begins_at_its_reason_and_ends_at_the_heading_of_the_recommendations()
    {
        var page = await browser.OpenAsync(1440, ColorScheme.Light);
        var ended = Enumerable.Range(0, 12).Select(i => SampleReports.Ended(
            "a", ("metric_type", "download_operation"), ("success", i >= 6), ("error_type", i >= 6 ? null : "ConnectionReset")));
        Assert.Equal(12, (await browser.Portal.Client.PostAsync("operations/batch", ended))["accepted"].GetInt32());
        (await browser.Portal.Client.PostAsync("optimize", null)).Expect(200);
        await page.GotoAsync(new Uri(browser.Address, "/insights").ToString());
        await InteractiveAsync(page);
        var dismiss = page.GetByRole(AriaRole.Button, new() { Name = "Dismiss", Exact = true });
        await dismiss.First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".mud-dialog textarea").First).ToBeFocusedAsync();
        var decide = page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "Dismiss", Exact = true });
        await decide.FocusAsync();
        await Assertions.Expect(decide).ToBeFocusedAsync();
        await decide.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".mud-dialog")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("#recommendations-title")).ToBeFocusedAsync();
        await page.Context.CloseAsync();
    }

    /// <summary>A page replaces its prerendered controls when it becomes interactive, and what is done to them before has no effect.</summary>
    private static Task InteractiveAsync(IPage page) => Assertions.Expect(page.Locator("html[data-interactive]")).ToHaveCountAsync(1);
}
