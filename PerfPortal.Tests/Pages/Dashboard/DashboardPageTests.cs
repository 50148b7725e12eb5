using Bunit;
using PerfPortal.Server.Pages.Dashboard;
using PerfPortal.Server.Storage;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Settings;
using Xunit;

namespace PerfPortal.Tests.Pages.Dashboard;

public sealed class DashboardPageTests
{
    private const string Operations = "/api/v1/performance/operations";

    [Fact]
    public async Task An_empty_portal_says_what_a_score_needs_and_how_to_report_the_first_operation()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var context = portal.Browse("/?window=1h");
        var page = context.Render<DashboardPage>();
        page.WaitForText("needs 10 operations in 24 hours, has 0");
        Assert.Contains("curl", page.Find("[aria-labelledby=types-title] pre").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".types"));
        Assert.Equal(5, page.FindAll(".metric").Count);
        page.WaitForText("GPU monitoring is disabled in the settings.");
        Assert.Contains("disabled", page.Find(".metric-unknown[aria-label=GPU]").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_reported_is_counted_by_type_and_a_paused_page_keeps_its_numbers()
    {
        await using var portal = await PortalFactory.StartAsync();
        await EndAsync(portal, success: true);
        await EndAsync(portal, success: false);
        (await portal.Client.PostAsync(Operations, new { metric_type = "download_operation", operation_name = "running-one", progress = new { done = 1, total = 4, unit = "files" } })).Expect(201);
        using var context = portal.Browse("/?window=1h");
        var page = context.Render<DashboardPage>();
        page.WaitForText("running-one");
        Assert.Contains("needs 10 operations in 24 hours, has 2", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Success rate50 %", page.Find(".figures").TextContent, StringComparison.Ordinal);
        var row = page.FindAll(".types tbody tr")[0];
        Assert.StartsWith("Download", row.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Contains("1 of 4 files", page.Find(".flight").TextContent, StringComparison.Ordinal);

        context.State.Pause();
        await EndAsync(portal, success: true);
        page.WaitForState(() => context.State.NewSincePause > 0, TimeSpan.FromSeconds(20));
        Assert.Contains("has 2", page.Markup, StringComparison.Ordinal);
        context.State.Resume();
        page.WaitForText("has 3");
    }

    [Fact]
    public async Task A_portal_that_is_not_ready_says_so_and_offers_to_try_again()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, StorageSetup.FileName));
        await using var portal = PortalFactory.StartUnready(folder.Path);
        using var context = portal.Browse("/?window=1h");
        var page = context.Render<DashboardPage>();
        page.WaitForText("The dashboard could not be loaded.");
        Assert.Contains("is a directory, but a file is expected", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Try again", page.Markup, StringComparison.Ordinal);
    }

    private static async Task EndAsync(PortalFactory portal, bool success)
    {
        var started = await portal.Client.PostAsync(Operations, new { metric_type = "download_operation", operation_name = "fetch" });
        string? id = started.Expect(201)["id"].GetString();
        (await portal.Client.PostAsync($"{Operations}/{id}/complete", success ? new { success, error_type = (string?)null } : new { success, error_type = (string?)"Reset" })).Expect(200);
    }
}
