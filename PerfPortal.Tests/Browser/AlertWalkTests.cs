using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using PerfPortal.Tests.Alerts.Delivery;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Browser;

/// <summary>The way of an operator who has never seen the product through alerts, by keyboard alone, on a desktop and on a phone.</summary>
[Collection(KeyboardWalks.Name)]
public sealed partial class AlertWalkTests(AlertWalkTests.BusyPortal browser) : IClassFixture<AlertWalkTests.BusyPortal>
{
    private const int MaxStops = 120;
    private const int PatienceMs = 10_000;

    /// <summary>A portal with a host that is busy when the rules are evaluated first.</summary>
    public sealed class BusyPortal : BrowserFixture
    {
        /// <inheritdoc/>
        protected override async Task PrepareAsync()
        {
            var now = TimeProvider.System.GetUtcNow();
            var samples = Enumerable.Range(0, 40).Select(i => new { source = "gpu-1", sampled_at = now.AddSeconds(-15 * i), cpu_percent = 97 });
            (await Portal.Client.PostAsync("resources", samples)).Expect(200);
            (await Portal.Client.PostAsync("alerts/rules", new
            {
                name = "Busy host",
                signal = new { kind = "resource", metric = "cpu_percent" },
                scope = new { source = "gpu-1" },
                threshold = 90,
                per = "source",
                keep_firing_for_seconds = 3_600,
            })).Expect(201);
        }
    }

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task An_operator_makes_a_rule_and_a_receiver_gets_the_alert_takes_it_on_and_silences_it(int width)
    {
        await using var receiver = await LoopbackReceiver.StartAsync();
        receiver.Answer = context => context.Response.WriteAsync("noted");
        var page = await browser.OpenAsync(width, ColorScheme.Light);
        await page.GotoAsync(new Uri(browser.Address, "/alerts?window=1h&tab=rules").ToString());
        await Assertions.Expect(page.Locator("html[data-interactive]")).ToHaveCountAsync(1);

        try
        {
            await MakeRuleAsync(page, "Idle " + width);
            await MakeReceiverAsync(page, "Hook " + width, receiver.Url + "/hook");
            Assert.Contains("\"status\":\"firing\"", (await HookedAsync(receiver)).Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
            await TellAsync(page);
            await DecideAsync(page);
        }
        catch (Exception failure) when (failure is PlaywrightException or TimeoutException)
        {
            // What an operator would see says more than what was waited for.
            string seen = await page.EvaluateAsync<string>("`Focus on ${document.activeElement.outerHTML.slice(0, 300)}\n${document.body.innerText}`");
            Assert.Fail($"{failure.Message}\n{page.Url}\n{seen}");
        }

        await page.Context.CloseAsync();
    }

    /// <summary>What it would have done is seen before it has a name; Save leads to what is missing.</summary>
    private static async Task MakeRuleAsync(IPage page, string name)
    {
        await OpenAsync(page, "Add rule", "New rule");
        await Assertions.Expect(page.Locator(".effect [role=status]")).ToContainTextAsync(Effect());
        await ReachAsync(page, "Fires above");
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.TypeAsync("99");
        await ReachAsync(page, "Save");
        await page.Keyboard.PressAsync("Enter");
        var field = page.Locator("#rule-name");
        await Assertions.Expect(field).ToBeFocusedAsync();
        await Assertions.Expect(field).ToBeInViewportAsync();
        await page.Keyboard.TypeAsync(name);

        // Enter in a list chooses, and does not save.
        await ReachAsync(page, "Severity");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("New rule");
        await Assertions.Expect(page.Locator(".mud-popover-open")).ToHaveCountAsync(0);
        await PressAsync(page, "Save", page.Locator(".mud-snackbar").Filter(new() { HasText = $"Saved: {name}" }));
        await OnPageAsync(page, "Alerts");
    }

    private static async Task MakeReceiverAsync(IPage page, string name, string url)
    {
        await OpenTabAsync(page, "Receivers");
        await OpenAsync(page, "Add receiver", "New receiver");
        await Assertions.Expect(page.Locator("#receiver-name")).ToBeVisibleAsync();
        await ReachAsync(page, "Name");
        await page.Keyboard.TypeAsync(name);
        await ReachAsync(page, "Address");
        await page.Keyboard.TypeAsync(url);
        await PressAsync(page, "Save", page.Locator("h1").Filter(new() { HasText = name }));
        await PressAsync(page, "Send test", page.Locator("[role=status]").Filter(new() { HasText = "200 OK: noted" }));
    }

    /// <summary>The alert begins to fire while another page is open: once its silence ends, this is the same as when its condition is met.</summary>
    private async Task TellAsync(IPage page)
    {
        await Eventually.TrueAsync(
            async () => (await browser.Portal.Client.GetAsync("alerts?state=firing"))["items"].EnumerateArray().Any(), "the busy host is noticed");
        string silence = (await browser.Portal.Client.PostAsync("silences", new { every_alert = true, ends_at = TimeProvider.System.GetUtcNow().AddHours(1), note = "Start" })).Expect(201)["id"].GetString()!;
        await page.GotoAsync(new Uri(browser.Address, "/resources?window=1h").ToString());
        await Assertions.Expect(page.Locator("html[data-interactive]")).ToHaveCountAsync(1);
        await Assertions.Expect(page).ToHaveTitleAsync(new Regex("^Resources"));
        (await browser.Portal.Client.SendAsync(HttpMethod.Delete, "silences/" + silence, null)).Expect(204);
        await Assertions.Expect(page.Locator(".mud-snackbar").Filter(new() { HasText = "Busy host" })).ToHaveCountAsync(1);
        await Assertions.Expect(page).ToHaveTitleAsync(new Regex(@"^\(1\) Resources"));
        await page.Keyboard.PressAsync("n");
        await Assertions.Expect(page.Locator(".mud-snackbar a")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await OnPageAsync(page, "Busy host");
    }

    private static async Task DecideAsync(IPage page)
    {
        var dialog = page.Locator(".mud-dialog");
        await ReachAsync(page, "Acknowledge");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog.Locator("textarea").First).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("Looking at it.");
        await ReachAsync(page, "Acknowledge");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        var taken = page.GetByRole(AriaRole.Button, new() { Name = "Unacknowledge" });
        await Assertions.Expect(taken).ToBeFocusedAsync();
        await Assertions.Expect(page).Not.ToHaveTitleAsync(new Regex(@"^\("));

        await ReachAsync(page, "Silence");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog).ToContainTextAsync("It mutes 1 of");
        await page.WaitForFunctionAsync("document.activeElement.matches('.mud-dialog input')");
        await ReachAsync(page, "Why");
        await page.Keyboard.TypeAsync("Upgrade");
        await ReachAsync(page, "Silence");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Silence" })).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("a");
        await Assertions.Expect(page.Locator("[role=tab]").First).ToContainTextAsync("Firing (1, 1 acknowledged)");
        await OpenTabAsync(page, "Silences");
        await Assertions.Expect(page.Locator("tbody tr")).ToContainTextAsync("Upgrade");
        await ReachAsync(page, "End silence");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(0);
        await Assertions.Expect(page.Locator("#silence-actions")).ToBeFocusedAsync();

        // As it was, for the next operator.
        await OpenTabAsync(page, "Firing", "Shift+Tab");
        await ReachAsync(page, "Unacknowledge");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[role=tab]").First).ToHaveTextAsync("Firing (1)");
    }

    private static async Task<string> HookedAsync(LoopbackReceiver receiver)
    {
        await Eventually.TrueAsync(() => Task.FromResult(!receiver.Requests.IsEmpty), "the test has arrived");
        return receiver.Requests.First().Body;
    }

    /// <summary>Waits for a page, and until its heading has the focus: that comes a round trip after the text, and would take the focus from what was reached meanwhile.</summary>
    private static async Task OnPageAsync(IPage page, string title)
    {
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync(title);
        await Assertions.Expect(page.Locator("h1")).ToBeFocusedAsync();
    }

    /// <summary>Opens a page by its link. A tab that is filled while its link has the focus draws the link anew, and the focus with the key is lost.</summary>
    private static async Task OpenAsync(IPage page, string link, string title)
    {
        await PressAsync(page, link, page.Locator("h1").Filter(new() { HasText = title }));
        await OnPageAsync(page, title);
    }

    /// <summary>Goes to a control, presses Enter, and waits for what comes of it.</summary>
    private static async Task PressAsync(IPage page, string control, ILocator outcome)
    {
        await ReachAsync(page, control);
        await PressUntilAsync(page, "Enter", () => outcome.WaitForAsync(new() { Timeout = PatienceMs, State = WaitForSelectorState.Attached }), () => ReachAsync(page, control));
    }

    /// <summary>Presses a key, and once more where nothing comes of it, as a person does: a key that meets a control while it is drawn anew is lost.</summary>
    private static async Task PressUntilAsync(IPage page, string key, Func<Task> outcome, Func<Task>? before = null)
    {
        for (int attempt = 0; attempt < 2; attempt++)
        {
            await page.Keyboard.PressAsync(key);
            try
            {
                await outcome();
                return;
            }
            catch (TimeoutException) when (before is not null)
            {
                await before();
            }
            catch (TimeoutException)
            {
                // Once more.
            }
        }

        await page.Keyboard.PressAsync(key);
        await outcome();
    }

    /// <summary>Presses Tab until a control with this name has the focus.</summary>
    private static async Task ReachAsync(IPage page, string name, string key = "Tab")
    {
        for (int stop = 0; stop < MaxStops; stop++)
        {
            await page.Keyboard.PressAsync(key);
            if (await page.EvaluateAsync<bool>(
                """
                name => {
                  const e = document.activeElement;
                  const names = [e.getAttribute('aria-label'), ...[...(e.labels ?? [])].map(l => l.innerText), e.matches('a, button, [role=tab]') ? e.innerText : null];
                  return names.some(n => n && (n.replace('*', '').trim() === name || n.trim().startsWith(name + ' ')));
                }
                """, name))
            {
                return;
            }
        }

        Assert.Fail($"\"{name}\" was not reached with {key}.");
    }

    private static async Task OpenTabAsync(IPage page, string name, string key = "Tab")
    {
        for (int stop = 0; stop < MaxStops && !await page.EvaluateAsync<bool>("document.activeElement.matches('[role=tab]')"); stop++)
        {
            await page.Keyboard.PressAsync(key);
        }

        string? before = null;
        for (string text = await TextAsync(); !text.StartsWith(name, StringComparison.Ordinal); text = await TextAsync())
        {
            Assert.NotEqual(before, text);
            before = text;
            await PressUntilAsync(
                page, "ArrowRight", () => page.WaitForFunctionAsync("text => document.activeElement.innerText !== text", text, new() { Timeout = PatienceMs }));
        }

        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[role=tab][aria-selected=true]")).ToContainTextAsync(name);

        // The address follows a round trip later, and would undo what is opened meanwhile.
        if (name != "Firing")
        {
            await page.WaitForURLAsync(url => url.Contains($"tab={name}", StringComparison.OrdinalIgnoreCase));
        }

        Task<string> TextAsync() => page.EvaluateAsync<string>("document.activeElement.innerText");
    }

    [GeneratedRegex("It would|Nothing of this signal")]
    private static partial Regex Effect();
}
