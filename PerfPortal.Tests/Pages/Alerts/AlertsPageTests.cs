using Bunit;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Server.Pages.Alerts;
using PerfPortal.Server.Security;
using PerfPortal.Server.Storage;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Pages.Alerts;

public sealed class AlertsPageTests
{
    [Fact]
    public async Task Without_alerts_the_page_says_how_many_rules_were_evaluated_and_when()
    {
        await using var portal = await AlertingPortal.StartAsync(cpu: 20);
        using var browser = portal.Browse("/alerts?window=1h", Scope.Read);
        var page = browser.Context.Render<AlertsPage>();
        page.WaitForText("No rule is firing.");
        Assert.Matches(@"\d+ rules were evaluated at \d\d:\d\d\.", page.Markup);
    }

    [Fact]
    public async Task A_portal_that_is_not_ready_says_so_and_offers_to_try_again()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, StorageSetup.FileName));
        await using var portal = PortalFactory.StartUnready(folder.Path);
        using var context = portal.BrowseAs("/alerts", Scope.Read);
        var page = context.Render<AlertsPage>();
        page.WaitForText("The alerts could not be loaded.");
        Assert.Contains("Try again", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_firing_alert_is_acknowledged_with_a_note_and_that_can_be_undone()
    {
        await using var portal = await AlertingPortal.StartAsync();
        using var browser = portal.Browse("/alerts?window=1h", Scope.Read, Scope.Report);
        var page = browser.Context.Render<AlertsPage>();
        page.WaitForText("CPU of gpu-1 is 96.5 %, above 80 %");
        Assert.Contains("Firing (1)", page.Markup, StringComparison.Ordinal);
        Assert.Contains("1 needs attention", page.Markup, StringComparison.Ordinal);
        Assert.Equal("Warning", page.Find("article .status").TextContent.Trim());

        await AlertingBrowser.PressAsync(page, "Acknowledge High CPU");
        browser.Dialogs.WaitForText("What you are doing about it");
        await browser.Dialogs.InvokeAsync(() => browser.Dialogs.Find("textarea").Change("Looking at it."));
        await AlertingBrowser.PressAsync(browser.Dialogs, "Acknowledge");
        page.WaitForText("Acknowledged by " + SignedInPages.Person);
        Assert.Equal("Looking at it.", (await portal.AlertAsync()).Acknowledged?.Note);
        Assert.Contains("Firing (1, 1 acknowledged)", page.Markup, StringComparison.Ordinal);
        Assert.Contains("None needs attention", page.Markup, StringComparison.Ordinal);

        browser.Snackbars.WaitForText("Undo");
        await AlertingBrowser.PressAsync(browser.Snackbars, "Undo");
        page.WaitForText("Acknowledge");
        Assert.Null((await portal.AlertAsync()).Acknowledged);
    }

    [Fact]
    public async Task An_alert_is_silenced_from_its_card_with_its_labels_filled_in_and_the_silence_can_be_ended()
    {
        await using var portal = await AlertingPortal.StartAsync();
        using var browser = portal.Browse("/alerts?window=1h", Scope.Read, Scope.Report);
        var page = browser.Context.Render<AlertsPage>();
        page.WaitForText("gpu-1");
        await AlertingBrowser.PressAsync(page, "Silence High CPU");
        browser.Dialogs.WaitForText("It mutes 1 of 1 current alert.");
        await AlertingBrowser.PressAsync(browser.Dialogs, "Silence");
        browser.Dialogs.WaitForText("Say why, in 1 to 1,000 characters.");
        await browser.Dialogs.InvokeAsync(() => browser.Dialogs.Find("textarea").Input("Upgrade"));
        await AlertingBrowser.PressAsync(browser.Dialogs, "Silence");
        page.WaitForText("Muted");
        var alert = await portal.AlertAsync();
        Assert.NotNull(alert.MutedBy);

        using var second = portal.Browse("/alerts?window=1h&tab=silences", Scope.Read, Scope.Report);
        var silences = second.Context.Render<AlertsPage>();
        silences.WaitForText("alertname = High CPU, source = gpu-1");
        Assert.Contains("Upgrade", silences.Markup, StringComparison.Ordinal);
        await AlertingBrowser.PressAsync(silences, "End silence of alertname = High CPU, source = gpu-1");
        silences.WaitForText("Nothing is silenced.");
        Assert.Null((await portal.AlertAsync()).MutedBy);
    }

    [Fact]
    public async Task A_reader_sees_everything_and_is_told_what_acting_needs()
    {
        await using var portal = await AlertingPortal.StartAsync();
        using var browser = portal.Browse("/alerts?window=1h", Scope.Read);
        var page = browser.Context.Render<AlertsPage>();
        page.WaitForText(AlertDecider.NeedsReport);
        Assert.All(page.FindAll("article button"), button => Assert.True(button.HasAttribute("disabled")));

        using var rules = portal.Browse("/alerts?window=1h&tab=rules", Scope.Read);
        var list = rules.Context.Render<AlertsPage>();
        list.WaitForText(AlertDecider.NeedsAdmin);
        Assert.All(list.FindAll("table input"), input => Assert.True(input.HasAttribute("disabled")));
        Assert.DoesNotContain("Add rule", list.Markup, StringComparison.Ordinal);

        using var receivers = portal.Browse("/alerts?window=1h&tab=receivers", Scope.Read);
        receivers.Context.Render<AlertsPage>().WaitForText("sign in with a key with the admin scope");
    }

    [Fact]
    public async Task The_history_shows_how_long_alerts_fired_and_can_be_limited_to_a_rule()
    {
        await using var portal = await AlertingPortal.StartAsync();
        using var browser = portal.Browse("/alerts?window=1h&tab=history", Scope.Read);
        var page = browser.Context.Render<AlertsPage>();
        page.WaitForText("1 alert, ");
        Assert.Equal("High CPU", page.Find("tbody th").TextContent.Trim());
        using var other = portal.Browse("/alerts?window=1h&tab=history&rule=builtin-high-memory", Scope.Read);
        other.Context.Render<AlertsPage>().WaitForText("No alert fired in this range.");
    }

    [Fact]
    public void The_history_is_newest_first_whatever_still_fires_and_what_merely_ended_is_not_called_resolved()
    {
        var now = PortalContext.Noon;
        var old = SampleAlerts.Firing(now.AddHours(-2), "old");
        var gone = SampleAlerts.Resolved(SampleAlerts.Firing(now.AddMinutes(-5), "gone"), now) with { EndReason = "The rule was removed or switched off." };
        var over = SampleAlerts.Resolved(SampleAlerts.Firing(now.AddMinutes(-30), "over"), now);
        using var context = new PortalContext("/alerts?tab=history");
        context.Render<MudBlazor.MudPopoverProvider>();
        var table = context.Render<HistoryTable>(p => p.Add(one => one.Items, [old, over, gone]).Add(one => one.Now, now));
        var rows = table.FindAll("tbody tr").Select(row => row.QuerySelectorAll("td").Select(cell => cell.TextContent.Trim()).ToList()).ToList();
        Assert.Equal([("gone", "Ended", "6 min"), ("over", "Resolved", "31 min"), ("old", "Firing", "2 h 01 m")], rows.Select(row => (row[1], row[2], row[4])));
    }

    [Fact]
    public async Task A_page_with_tabs_that_is_left_does_not_navigate()
    {
        await using var portal = await AlertingPortal.StartAsync();
        using var browser = portal.Browse("/alerts?window=1h&tab=history", Scope.Read);
        var page = browser.Context.Render<AlertsPage>();
        page.WaitForText("1 alert, ");
        foreach (var panel in page.FindComponents<MudBlazor.MudTabPanel>())
        {
            await page.InvokeAsync(async () => await panel.Instance.DisposeAsync());
        }

        Assert.Contains("tab=history", browser.Context.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_admin_switches_a_built_in_rule_off_and_undo_makes_it_follow_the_settings_again()
    {
        await using var portal = await AlertingPortal.StartAsync();
        var rules = portal.Portal.Services.GetRequiredService<AlertRuleBook>();
        using var browser = portal.Browse("/alerts?window=1h&tab=rules", Scope.Read, Scope.Report, Scope.Admin);
        var page = browser.Context.Render<AlertsPage>();
        page.WaitForText("High CPU usage");
        await page.InvokeAsync(() => page.Find("input[aria-label='High CPU usage is on']").Change(false));
        page.WaitForText("Built-in, edited");
        Assert.False((await rules.ReadAsync(CancellationToken.None)).Find("builtin-high-cpu")!.IsEnabled);
        browser.Snackbars.WaitForText("Undo");
        await AlertingBrowser.PressAsync(browser.Snackbars, "Undo");
        page.WaitForState(() => !page.Markup.Contains("Built-in, edited", StringComparison.Ordinal), TimeSpan.FromSeconds(20));
        Assert.Equal((true, 0L), (await rules.ReadAsync(CancellationToken.None)).Find("builtin-high-cpu") is { } rule ? (rule.IsEnabled, rule.Version) : default);
    }
}
