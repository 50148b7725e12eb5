using Bunit;
using MudBlazor;
using PerfPortal.Server.Pages.Admin;
using PerfPortal.Server.Security;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Pages.Admin;

public sealed class ThresholdsPageTests
{
    private const string Address = "/admin/thresholds";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Each_field_has_its_default_unit_and_bounds_beside_it_and_an_error_while_typing()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var context = portal.BrowseAs(Address, Scope.Read, Scope.Admin);
        var page = context.Render<Thresholds>();
        page.WaitForText("The thresholds have not been edited yet.");
        Assert.Contains("Default 0.05, from 0 to 1.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Timeout of downloads", page.Markup, StringComparison.Ordinal);
        Assert.Contains("No changes yet.", page.Markup, StringComparison.Ordinal);

        page.Find("#t-failure_rate").Input("1.5");
        page.WaitForText("Enter a number from 0 to 1.");
        Assert.Contains("One field is outside the allowed range.", page.Markup, StringComparison.Ordinal);
        Assert.True(Save(page).HasAttribute("disabled"));
        await page.InvokeAsync(() => page.FindAll("button").First(button => button.TextContent.Trim() == "Discard changes").Click());
        page.WaitForState(() => !page.Markup.Contains("Enter a number", StringComparison.Ordinal), Patience);
        page.Find("#t-failure_rate").Input("");
        page.WaitForText("Enter a number from 0 to 1.");
        Assert.Contains("One field is outside the allowed range.", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_effect_is_shown_before_saving_and_what_was_saved_can_be_undone()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var context = portal.BrowseAs(Address, Scope.Read, Scope.Admin);
        var snackbars = context.Render<MudSnackbarProvider>();
        var page = context.Render<Thresholds>();
        page.WaitForText("Change a value to see");
        page.Find("#t-failure_rate").Input("0.2");
        page.WaitForText("No bottlenecks before or after the change.");
        await page.InvokeAsync(() => Save(page).Click());
        page.WaitForText("Last edited by " + SignedInPages.Person);
        Assert.Contains("Failure rate: 0.05 → 0.2", page.Markup, StringComparison.Ordinal);
        page.WaitForState(() => context.JSInterop.Invocations["Blazor._internal.domWrapper.focus"].Count > 0, Patience);

        snackbars.WaitForState(() => snackbars.Markup.Contains("Undo", StringComparison.Ordinal), Patience);
        await snackbars.InvokeAsync(() => snackbars.FindAll("button").First(button => button.TextContent.Trim() == "Undo").Click());
        page.WaitForText("Failure rate: 0.2 → 0.05");
        Assert.Equal("0.05", page.Find("#t-failure_rate").GetAttribute("value"));
    }

    [Fact]
    public async Task What_another_admin_saves_meanwhile_is_shown_and_overwrites_nothing()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var context = portal.BrowseAs(Address, Scope.Read, Scope.Admin);
        var page = context.Render<Thresholds>();
        page.WaitForText("Change a value to see");
        page.Find("#t-failure_rate").Input("0.2");
        var settings = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions.GetRequiredService<PerfPortal.Server.Settings.ThresholdSettings>(portal.Services);
        await settings.WriteAsync(0, settings.Current with { LowDiskGb = 8 }, "grace", Xunit.TestContext.Current.CancellationToken);
        Assert.Equal(1, (await portal.Client.PostAsync("operations/batch", new[] { SampleReports.Ended("wakes the page") }))["accepted"].GetInt32());
        page.WaitForText("grace changed the thresholds while you were editing");
        await page.InvokeAsync(() => page.FindAll("button").First(button => button.TextContent.Contains("keep mine", StringComparison.Ordinal)).Click());
        page.WaitForState(() => !page.Markup.Contains("while you were editing", StringComparison.Ordinal), Patience);
        Assert.Equal(("0.2", "8"), (page.Find("#t-failure_rate").GetAttribute("value"), page.Find("#t-low_disk_gb").GetAttribute("value")));
    }

    [Fact]
    public async Task Without_the_admin_scope_the_page_says_what_is_needed()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var context = portal.BrowseAs(Address, Scope.Read);
        context.Render<Thresholds>().WaitForText("This page requires the admin scope.");
    }

    [Fact]
    public async Task The_tabs_lead_to_the_other_pages()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var context = portal.BrowseAs(Address, Scope.Read, Scope.Admin);
        var page = context.Render<Thresholds>();
        page.WaitForText("Change a value to see");
        Assert.Equal(["Thresholds", "Storage"], page.FindAll(".mud-tab").Select(tab => tab.TextContent.Trim()));
        await page.InvokeAsync(() => page.FindAll(".mud-tab")[1].Click());
        Assert.Equal("/admin/storage", context.PathAndQuery);
        var storage = context.Render<PerfPortal.Server.Pages.Admin.Storage>();
        storage.WaitForText("Retention");
        Assert.Contains("Downloads", storage.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("download_operation", storage.Markup, StringComparison.Ordinal);
    }

    private static AngleSharp.Dom.IElement Save(IRenderedComponent<Thresholds> page) => page.FindAll("button").First(button => button.TextContent.Trim() == "Save");
}
