using Bunit;
using MudBlazor;
using PerfPortal.Server.Pages.Admin;
using PerfPortal.Server.Security;
using PerfPortal.Server.Views;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Pages.Admin;

public sealed class SourceTableTests
{
    [Fact]
    public async Task A_source_is_listed_with_its_operations_and_removed_after_a_confirmation()
    {
        await using var portal = await PortalFactory.StartAsync();
        await ReportAsync(portal, "misnamed", 3);
        await ReportAsync(portal, "right", 2);
        using var context = portal.BrowseAs("/admin/storage", Scope.Read, Scope.Admin);
        context.Render<MudPopoverProvider>();
        var dialogs = context.Render<MudDialogProvider>();
        var snackbars = context.Render<MudSnackbarProvider>();
        var table = context.Render<SourceTable>();
        table.WaitForText("misnamed");
        Assert.Contains("3", RowOf(table, "misnamed"), StringComparison.Ordinal);
        await table.InvokeAsync(() => table.Find("[aria-label='Remove misnamed']").Click());
        dialogs.WaitForText("3 operations");
        Assert.Contains("misnamed", table.Markup, StringComparison.Ordinal);
        await dialogs.InvokeAsync(() => dialogs.FindAll("button").Single(button => button.TextContent.Trim() == "Remove").Click());
        snackbars.WaitForText("misnamed is removed: 3 operations and 0 samples deleted.");
        table.WaitForState(() => !table.Markup.Contains("misnamed", StringComparison.Ordinal));
        Assert.Contains("2", RowOf(table, "right"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_without_the_admin_scope_removes_nothing()
    {
        await using var portal = await PortalFactory.StartAsync();
        await ReportAsync(portal, "misnamed", 1);
        using var context = portal.BrowseAs("/admin/storage", Scope.Read);
        context.Render<MudPopoverProvider>();
        var dialogs = context.Render<MudDialogProvider>();
        var snackbars = context.Render<MudSnackbarProvider>();
        var table = context.Render<SourceTable>();
        table.WaitForText("misnamed");
        await table.InvokeAsync(() => table.Find("[aria-label='Remove misnamed']").Click());
        dialogs.WaitForText("1 operation");
        await dialogs.InvokeAsync(() => dialogs.FindAll("button").Single(button => button.TextContent.Trim() == "Remove").Click());
        snackbars.WaitForText("requires a key with the admin scope");
        (await portal.Client.GetAsync("metrics/model_operation?source=misnamed")).Expect(200);
        Assert.Contains("misnamed", table.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_portals_own_host_cannot_be_removed()
    {
        await using var portal = await PortalFactory.StartAsync();
        await ReportAsync(portal, HostSource.Name, 1);
        using var context = portal.BrowseAs("/admin/storage", Scope.Read, Scope.Admin);
        context.Render<MudPopoverProvider>();
        var table = context.Render<SourceTable>();
        table.WaitForText("This host");
        Assert.Empty(table.FindAll("[aria-label^='Remove ']"));
    }

    [Fact]
    public async Task What_a_source_lost_is_said_in_a_sentence()
    {
        await using var portal = await PortalFactory.StartAsync();
        await ReportAsync(portal, "gpu-3", 1);
        (await portal.Client.PostAsync("losses", new { id = Guid.NewGuid(), source = "gpu-3", reason = "portal_unreachable", operations = 1_204, samples = 1 })).Expect(200);
        using var context = portal.BrowseAs("/admin/storage", Scope.Read, Scope.Admin);
        context.Render<MudPopoverProvider>();
        var table = context.Render<SourceTable>();
        table.WaitForText("1,204 operations and 1 sample of gpu-3 were dropped at ");
        Assert.Contains("1,205", RowOf(table, "gpu-3"), StringComparison.Ordinal);
    }

    private static string RowOf(IRenderedComponent<SourceTable> table, string source) =>
        table.FindAll("tbody tr").Single(row => row.TextContent.Contains(source, StringComparison.Ordinal)).TextContent;

    private static async Task ReportAsync(PortalFactory portal, string source, int count) => Assert.Equal(
        count, (await portal.Client.PostAsync("operations/batch", Enumerable.Range(0, count).Select(_ => SampleReports.Ended("a", ("source", source))))).Expect(200)["accepted"].GetInt32());
}
