using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using PerfPortal.Tests.Alerts.Delivery;
using PerfPortal.Tests.Pages.Models;
using Xunit;

namespace PerfPortal.Tests.Browser;

/// <summary>The models page in a real browser.</summary>
[Collection(KeyboardWalks.Name)]
public sealed class ModelsTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const int Pieces = 10;

    [Fact]
    public async Task A_download_is_started_watched_to_its_end_and_its_model_appears_healthy()
    {
        byte[] file = SampleModels.Safetensors(250_000);
        await using var server = await LoopbackReceiver.StartAsync();
        server.Answer = context => SendSlowlyAsync(context, file);
        var page = await browser.OpenAsync(1440, ColorScheme.Light);
        await page.GotoAsync(new Uri(browser.Address, "/models?window=1h").ToString());
        await Assertions.Expect(page.Locator("html[data-interactive]")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Download a model", Exact = true }).ClickAsync();
        await page.GetByLabel("From an address").CheckAsync();
        await page.GetByLabel("Address", new() { Exact = true }).FillAsync(server.Url + "/tiny.safetensors");
        await page.GetByLabel("Name (optional)").FillAsync("seen/tiny");
        await ClickAwayAsync(page.Locator(".mud-dialog"), "Download");

        var card = page.Locator("article", new() { HasText = "seen/tiny" });
        await Assertions.Expect(card).ToContainTextAsync("Running");
        await Assertions.Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("tab=downloads"));
        await Assertions.Expect(card).ToContainTextAsync("Completed");
        await page.GetByRole(AriaRole.Tab, new() { Name = "Models" }).ClickAsync();
        var row = page.Locator("tr", new() { HasText = "seen/tiny" });
        await Assertions.Expect(row).ToContainTextAsync("Healthy");
        await row.GetByRole(AriaRole.Link, new() { Name = "seen/tiny" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("seen/tiny");
        await Assertions.Expect(page.GetByText("every byte was read and is as it should be.")).ToBeVisibleAsync();
        await page.Context.CloseAsync();
    }

    /// <summary>Presses a button that closes a dialog, and once more where nothing comes of it, as a person does on a busy machine.</summary>
    private static async Task ClickAwayAsync(ILocator dialog, string button)
    {
        var control = dialog.GetByRole(AriaRole.Button, new() { Name = button, Exact = true });
        await control.ClickAsync();
        try
        {
            await dialog.WaitForAsync(new() { State = WaitForSelectorState.Detached, Timeout = 10_000 });
        }
        catch (TimeoutException)
        {
            await control.ClickAsync();
        }
    }

    /// <summary>Slow enough to be seen, for two seconds.</summary>
    private static async Task SendSlowlyAsync(HttpContext context, byte[] file)
    {
        context.Response.ContentLength = file.Length;
        foreach (byte[] piece in file.Chunk((file.Length / Pieces) + 1))
        {
            await context.Response.Body.WriteAsync(piece, context.RequestAborted);
            await Task.Delay(TimeSpan.FromMilliseconds(200), context.RequestAborted);
        }
    }
}
