using Bunit;
using PerfPortal.Server.Security;
using PerfPortal.Server.Storage;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Settings;
using Xunit;
using ReportPage = PerfPortal.Server.Pages.Report.Report;

namespace PerfPortal.Tests.Pages.Report;

public sealed class ReportPageTests
{
    [Fact]
    public async Task Types_are_called_by_their_title_and_a_decided_cause_is_one_entry()
    {
        await using var portal = await PortalFactory.StartAsync();
        var ended = Enumerable.Range(0, 2).Select(i => i == 0 ? "a" : "b").SelectMany(name => Enumerable.Range(0, 12).Select(i => SampleReports.Ended(
            name, ("metric_type", "download_operation"), ("success", i >= 6), ("error_type", i >= 6 ? null : "ConnectionReset"))));
        Assert.Equal(24, (await portal.Client.PostAsync("operations/batch", ended))["accepted"].GetInt32());
        using var context = portal.BrowseAs("/report?window=24h", Scope.Read);
        var page = context.Render<ReportPage>();
        page.WaitForText("Fix \"ConnectionReset\" in 2 downloads");
        Assert.Contains("Downloads", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain("download_operation", page.Find(".report").TextContent, StringComparison.Ordinal);
        Assert.NotEmpty(page.FindAll("rect.bar-ok"));
        Assert.Equal(4, page.FindAll("a[download]").Count);
    }

    [Fact]
    public async Task An_empty_portal_has_a_report_that_says_so()
    {
        await using var portal = await PortalFactory.StartAsync();
        using var context = portal.BrowseAs("/report?window=24h", Scope.Read);
        var page = context.Render<ReportPage>();
        page.WaitForText("No operations ended in this time range.");
        Assert.Contains("Not enough data (needs 10 operations, has 0)", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_portal_that_is_not_ready_says_so()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, StorageSetup.FileName));
        await using var portal = PortalFactory.StartUnready(folder.Path);
        using var context = portal.BrowseAs("/report?window=24h", Scope.Read);
        context.Render<ReportPage>().WaitForText("The report could not be created.");
    }
}
