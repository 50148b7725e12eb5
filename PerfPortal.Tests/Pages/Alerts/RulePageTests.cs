using Bunit;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Server.Pages.Alerts;
using PerfPortal.Server.Security;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Pages.Alerts;

public sealed class RulePageTests
{
    private static readonly Scope[] Admin = [Scope.Read, Scope.Report, Scope.Admin];

    [Fact]
    public async Task A_new_rule_shows_what_it_would_have_done_and_is_saved()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var browser = new AlertingBrowser(portal.BrowseAs("/alerts/rules/new?window=1h", Admin));
        var page = browser.Context.Render<RulePage>();
        page.WaitForText("It would not have fired in the last");
        await AlertingBrowser.PressAsync(page, "Save");
        page.WaitForText("Enter a name.");
        await page.InvokeAsync(() => page.Find("#rule-name").Input("GPU-free night"));
        await page.InvokeAsync(() => page.Find("#rule-threshold").Input("101"));
        page.WaitForText("Enter a number from 0 to 100 %.");
        page.WaitForText("Correct the fields that are marked to see it.");
        await page.InvokeAsync(() => page.Find("#rule-threshold").Input("95"));
        await AlertingBrowser.PressAsync(page, "Save");
        page.WaitForState(() => browser.Context.PathAndQuery.Contains("tab=rules", StringComparison.Ordinal), TimeSpan.FromSeconds(20));
        var rule = (await BookOf(portal).ReadAsync(CancellationToken.None)).Rules.Single(one => one.Name == "GPU-free night");
        Assert.Equal(95, rule.Threshold);
        browser.Snackbars.WaitForText("Undo");
        await AlertingBrowser.PressAsync(browser.Snackbars, "Undo");
        browser.Snackbars.WaitForText("Undone.");
        Assert.DoesNotContain((await BookOf(portal).ReadAsync(CancellationToken.None)).Rules, one => one.Name == "GPU-free night");
    }

    [Fact]
    public async Task What_another_admin_saves_meanwhile_is_told_and_nothing_is_overwritten()
    {
        await using var portal = await PortalFactory.StartAsync();
        var rule = (await BookOf(portal).ReadAsync(CancellationToken.None)).Find("builtin-high-cpu")!;
        using var browser = new AlertingBrowser(portal.BrowseAs("/alerts/rules/builtin-high-cpu?window=1h", Admin));
        var page = browser.Context.Render<RulePage>(p => p.Add(one => one.Id, rule.Id));
        page.WaitForText("its threshold follows the settings until it is edited");
        await page.InvokeAsync(() => page.Find("#rule-threshold").Input("91"));
        await BookOf(portal).UpdateAsync(rule with { Threshold = 77, RecoveryThreshold = null }, rule.Version, CancellationToken.None);
        await AlertingBrowser.PressAsync(page, "Save");
        page.WaitForText("Another user changed this rule while you were editing.");
        Assert.Contains("CPU above 77 %", page.Markup, StringComparison.Ordinal);
        Assert.Equal(77, (await BookOf(portal).ReadAsync(CancellationToken.None)).Find(rule.Id)!.Threshold);
        await AlertingBrowser.PressAsync(page, "Keep mine and save over it");
        page.WaitForState(() => browser.Context.PathAndQuery.Contains("tab=rules", StringComparison.Ordinal), TimeSpan.FromSeconds(20));
        Assert.Equal(91, (await BookOf(portal).ReadAsync(CancellationToken.None)).Find(rule.Id)!.Threshold);
    }

    [Fact]
    public async Task A_rule_that_does_not_exist_and_a_person_without_the_scope_are_told()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var browser = new AlertingBrowser(portal.BrowseAs("/alerts/rules/none", Admin));
        browser.Context.Render<RulePage>(p => p.Add(one => one.Id, "none")).WaitForText("There is no rule with this id.");
        using var reader = new AlertingBrowser(portal.BrowseAs("/alerts/rules/new", Scope.Read));
        var closed = reader.Context.Render<RulePage>();
        closed.WaitForText(AlertDecider.NeedsAdmin);
        Assert.All(closed.FindAll("#rule-name, #rule-threshold"), field => Assert.True(field.HasAttribute("disabled")));
        Assert.True(closed.FindAll("button").First(button => button.TextContent.Trim() == "Save").HasAttribute("disabled"));
    }

    private static AlertRuleBook BookOf(PortalFactory portal) => portal.Services.GetRequiredService<AlertRuleBook>();
}
