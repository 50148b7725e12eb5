using Bunit;
using MudBlazor;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Security;
using PerfPortal.Tests.Pages.Alerts;
using Xunit;

namespace PerfPortal.Tests.Pages.Layout;

public sealed class AlertTellerTests
{
    [Fact]
    public async Task The_navigation_counts_unattended_alerts_and_a_resolved_one_is_told_with_a_link()
    {
        await using var portal = await AlertingPortal.StartAsync(severity: AlertSeverity.Critical);
        using var browser = portal.Browse("/live?window=1h", Scope.Read);
        var rail = browser.Context.Render<NavRail>();
        browser.Context.Render<AlertTeller>();
        rail.WaitForText("alert-count");
        Assert.Equal("1 unattended", rail.Find(".alert-count").TextContent);
        Assert.Empty(browser.Snackbars.FindAll("a"));

        var alert = await portal.AlertAsync();
        await portal.Engine.AcknowledgeAsync(alert.Id, "ada", null, CancellationToken.None);
        rail.WaitForState(() => rail.FindAll(".alert-count").Count == 0, TimeSpan.FromSeconds(20));
    }
}
