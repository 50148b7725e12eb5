using Bunit;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Receivers;
using PerfPortal.Server.Pages.Alerts;
using PerfPortal.Server.Security;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Pages.Alerts;

public sealed class ReceiverPageTests
{
    private static readonly Scope[] Admin = [Scope.Read, Scope.Report, Scope.Admin];

    [Fact]
    public async Task Mistakes_are_told_beside_the_field_and_a_private_address_is_refused()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var browser = new AlertingBrowser(portal.BrowseAs("/alerts/receivers/new", Admin));
        var page = browser.Context.Render<ReceiverPage>();
        page.WaitForText("All alerts. Add a route to limit them");
        await AlertingBrowser.PressAsync(page, "Save");
        page.WaitForText("Enter a value.");
        await page.InvokeAsync(() => page.Find("#receiver-name").Input("On call"));
        await page.InvokeAsync(() => page.Find("#receiver-url").Input("http://127.0.0.1:9/hook"));
        await AlertingBrowser.PressAsync(page, "Save");
        page.WaitForText("The address is not accepted:");
        Assert.Empty(await BookOf(portal).ListAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_receiver_is_saved_its_secret_is_never_shown_and_a_test_shows_the_answer()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var browser = new AlertingBrowser(portal.BrowseAs("/alerts/receivers/new", Admin));
        var page = browser.Context.Render<ReceiverPage>();
        page.WaitForText("Add route");
        await page.InvokeAsync(() => page.Find("#receiver-name").Input("On call"));
        await page.InvokeAsync(() => page.Find("#receiver-url").Input("http://192.0.2.1/hook"));
        await page.InvokeAsync(() => page.Find("#receiver-secret").Input("a very secret key"));
        await AlertingBrowser.PressAsync(page, "Save");
        browser.Snackbars.WaitForText("Saved: On call.");
        var saved = Assert.Single(await BookOf(portal).ListAsync(CancellationToken.None));
        Assert.True(saved.HasSecret);

        using var second = new AlertingBrowser(portal.BrowseAs($"/alerts/receivers/{saved.Id}", Admin));
        var edit = second.Context.Render<ReceiverPage>(p => p.Add(one => one.Id, saved.Id));
        edit.WaitForText("Send test");
        Assert.DoesNotContain("a very secret key", edit.Markup, StringComparison.Ordinal);
        Assert.Equal("Stored; type to replace", edit.Find("#receiver-secret").GetAttribute("placeholder"));

        using var third = new AlertingBrowser(portal.BrowseAs("/alerts?tab=receivers", Admin));
        var list = third.Context.Render<AlertsPage>();
        list.WaitForText("Receives all alerts.");
        Assert.Contains("No messages yet.", list.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reader_is_told_why_receivers_are_closed_and_an_admin_that_messages_have_no_links()
    {
        await using var portal = await PortalFactory.StartAsync(("Alerts:AllowPrivateTargets", "true"));
        using var reader = new AlertingBrowser(portal.BrowseAs("/alerts/receivers/new", Scope.Read));
        var closed = reader.Context.Render<ReceiverPage>();
        closed.WaitForText(AlertDecider.NeedsAdminForReceivers);
        Assert.Empty(closed.FindAll("input"));

        string id = (await portal.Client.PostAsync("alerts/receivers", new { name = "On call", kind = "webhook", url = "http://127.0.0.1:9/hook" }))["id"].GetString()!;
        using var admin = new AlertingBrowser(portal.BrowseAs("/alerts/receivers/" + id, Admin));
        var page = admin.Context.Render<ReceiverPage>(p => p.Add(one => one.Id, id));
        page.WaitForText("Send test");
        await AlertingBrowser.PressAsync(page, "Send test");
        page.WaitForText(ReceiverWords.NoLinks);
    }

    [Fact]
    public async Task A_receiver_that_fails_says_since_when_why_and_how_many_messages_wait()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var browser = new AlertingBrowser(portal.BrowseAs("/alerts?tab=receivers", Admin));
        var failing = new AlertReceiver { Id = "a", Name = "On call", Kind = ReceiverKind.Webhook };
        var health = new ReceiverHealth(PortalContext.Noon, 2, "503 Service Unavailable", null);
        var list = browser.Context.Render<ReceiverList>(p => p.Add(one => one.Items, [new(failing, health), new(failing with { Id = "b", Name = "Chat" }, ReceiverHealth.Unknown)]).Add(one => one.Now, PortalContext.Noon));
        Assert.Equal("Failing", Assert.Single(list.FindAll(".status")).TextContent.Trim());
        Assert.Matches(@"Messages have not arrived since .*2026-03-04 12:00.*: 503 Service Unavailable", list.Find(".hint-error").InnerHtml);
        Assert.Contains("2 messages are waiting", list.Markup, StringComparison.Ordinal);
        Assert.Contains("Nothing delivered yet", list.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_route_is_written_as_people_read_it()
    {
        var receiver = new AlertReceiver { Id = "a", Name = "a", Kind = ReceiverKind.Webhook, Routes = [new(null, Domain.Alerts.Rules.AlertSeverity.Critical, new Dictionary<string, string> { ["team"] = "infra" })] };
        Assert.Equal("alerts with severity critical or more and team = infra", ReceiverWords.Routes(receiver));
        Assert.Equal("First message after 30 s, repeated every 4 h, at most 60 an hour.", ReceiverWords.Times(receiver));
    }

    private static ReceiverBook BookOf(PortalFactory portal) => portal.Services.GetRequiredService<ReceiverBook>();
}
