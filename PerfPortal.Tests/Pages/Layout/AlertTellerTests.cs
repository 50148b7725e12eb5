using Bunit;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Security;
using PerfPortal.Server.Views.Alerts;
using PerfPortal.Tests.Pages.Alerts;
using Xunit;

namespace PerfPortal.Tests.Pages.Layout;

public sealed class AlertTellerTests
{
    [Fact]
    public async Task The_navigation_counts_the_alerts_that_nobody_has_taken_on()
    {
        await using var portal = await AlertingPortal.StartAsync(severity: AlertSeverity.Critical);
        using var browser = portal.Browse("/live?window=1h", Scope.Read);
        var rail = browser.Context.Render<NavRail>();
        browser.Context.Render<AlertTeller>();
        rail.WaitForText("alert-count");
        Assert.Equal("1 needs attention", rail.Find(".alert-count").TextContent);
        Assert.Empty(browser.Snackbars.FindAll("a"));

        var alert = await portal.AlertAsync();
        await portal.Engine.AcknowledgeAsync(alert.Id, "ada", null, CancellationToken.None);
        rail.WaitForState(() => rail.FindAll(".alert-count").Count == 0, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void An_alert_whose_rule_is_gone_ended_and_is_not_called_resolved()
    {
        var now = PortalContext.Noon;
        var firing = SampleAlerts.Firing(now);
        var resolved = SampleAlerts.Resolved(firing, now);
        var ended = resolved with { EndReason = "The rule was removed or switched off." };
        var stories = AlertStory.Of([ended, resolved], now, text => text);
        Assert.Equal([MudBlazor.Severity.Info, MudBlazor.Severity.Success], stories.Select(story => story.Look));
        Assert.StartsWith("Ended: High CPU.", stories[0].Text, StringComparison.Ordinal);
        Assert.Equal("1 alert began to fire, 2 resolved, 1 ended without being resolved.", Assert.Single(AlertStory.Of([firing, resolved, resolved, ended], now, text => text)).Text);
        Assert.Equal(MudBlazor.Severity.Info, AlertStory.Of([ended, ended, ended, ended], now, text => text)[0].Look);
    }

    [Fact]
    public async Task An_alert_is_told_once_with_a_link_to_it_and_to_screen_readers_too()
    {
        await using var portal = await AlertingPortal.StartAsync(severity: AlertSeverity.Critical);
        var silences = portal.Portal.Services.GetRequiredService<SilenceKeeper>();
        var now = TimeProvider.System.GetUtcNow();
        await silences.AddAsync(
            new() { Id = "silence", Labels = new Dictionary<string, string>(), StartsAt = now, EndsAt = now.AddHours(1), Note = "x", CreatedBy = "ada", CreatedAt = now }, CancellationToken.None);
        using var browser = portal.Browse("/live?window=1h", Scope.Read);
        var teller = browser.Context.Render<AlertTeller>();
        Assert.Empty(teller.Find("[role=status]").TextContent);

        await silences.DeleteAsync("silence", CancellationToken.None);
        teller.WaitForText("Critical: High CPU. CPU of gpu-1 is 96.5 %, above 80 %");
        browser.Snackbars.WaitForText("View alert");
        var alert = await portal.AlertAsync();
        Assert.Contains($"/alerts/{alert.Id}", Assert.Single(browser.Snackbars.FindAll("a")).GetAttribute("href"), StringComparison.Ordinal);
    }
}
