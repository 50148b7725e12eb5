using Bunit;
using MudBlazor;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Pages.Live;
using PerfPortal.Server.Security;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Pages.Layout;

/// <summary>Loading the demonstration data, its label, and removing it.</summary>
public sealed class DemonstrationNoticeTests
{
    [Fact]
    public async Task Demonstration_data_is_loaded_labelled_and_removed_by_one_click_each()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var context = portal.BrowseAs("/", Scope.Read, Scope.Admin);
        context.Render<MudPopoverProvider>();
        var snackbars = context.Render<MudSnackbarProvider>();
        var notice = context.Render<DemonstrationNotice>();
        Assert.Empty(notice.Markup.Trim());
        var load = context.Render<LoadDemonstration>();
        load.WaitForText("Load demonstration data");
        await load.InvokeAsync(() => load.Find("button").Click());
        snackbars.WaitForText("The demonstration data is loaded.");
        notice.WaitForText("Demonstration data is loaded (source demo)");
        load.WaitForState(() => !load.Find("button").HasAttribute("disabled"));
        await load.InvokeAsync(() => load.Find("button").Click());
        snackbars.WaitForText("loaded already");
        await notice.InvokeAsync(() => notice.Find("button").Click());
        snackbars.WaitForText("The demonstration data is removed.");
        notice.WaitForState(() => notice.Markup.Trim().Length == 0);
    }

    [Fact]
    public async Task Without_the_admin_scope_it_is_labelled_and_neither_loaded_nor_removed()
    {
        await using var portal = await PortalFactory.StartAsync();
        (await portal.Client.PostAsync("demonstration", null)).Expect(201);
        using var context = portal.BrowseAs("/", Scope.Read);
        context.Render<MudPopoverProvider>();
        var notice = context.Render<DemonstrationNotice>();
        notice.WaitForText("Demonstration data is loaded (source demo)");
        Assert.Empty(notice.FindAll("button"));
        Assert.Empty(context.Render<LoadDemonstration>().Markup.Trim());
    }
}
