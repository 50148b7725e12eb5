using Bunit;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Server.Pages.Admin;
using PerfPortal.Server.Pages.Dashboard;
using PerfPortal.Server.Pages.Live;
using PerfPortal.Server.Pages.Operations;
using PerfPortal.Server.Security;
using PerfPortal.Server.Storage;
using PerfPortal.Server.Views;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Settings;
using Xunit;
using OperationsPage = PerfPortal.Server.Pages.Operations.Operations;
using ReportPage = PerfPortal.Server.Pages.Report.Report;

namespace PerfPortal.Tests.Pages;

/// <summary>The states that all pages share: without a database, without data, and paused.</summary>
public sealed class PageStatesTests
{
    private const string Operations = "/api/v1/performance/operations";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<Type, string, string> Failing => new()
    {
        { typeof(DashboardPage), "/?window=1h", "The dashboard could not be loaded." },
        { typeof(LiveOperationsPage), "/live?window=1h", "The running operations could not be loaded." },
        { typeof(OperationsPage), "/operations?window=1h", "The operations could not be loaded." },
        { typeof(OperationDetail), "/operations/0192f1c8-5f0e-7cc3-98c4-dc0c0c07398f", "The operation could not be loaded." },
        { typeof(Server.Pages.Resources.Resources), "/resources?window=1h", "The resources could not be loaded." },
        { typeof(Server.Pages.Insights.Insights), "/insights", "The analysis could not be loaded." },
        { typeof(Server.Pages.Benchmarks.Benchmarks), "/benchmarks?window=1h", "The benchmarks could not be loaded." },
        { typeof(Server.Pages.Compare.Compare), "/compare?window=1h", "The periods could not be loaded." },
        { typeof(ReportPage), "/report?window=1h", "The report could not be created." },
        { typeof(Server.Pages.Models.ModelsPage), "/models", "The models could not be loaded." },
        { typeof(Server.Pages.Models.ModelPage), "/models/view?name=a", "The model could not be loaded." },
        { typeof(Thresholds), "/admin/thresholds", "The thresholds could not be loaded." },
        { typeof(Server.Pages.Admin.Storage), "/admin/storage", "Storage information could not be loaded." },
    };

    public static TheoryData<Type, string, string> Empty => new()
    {
        { typeof(Server.Pages.Compare.Compare), "/compare?window=1h", "No operations ended in either period." },
        { typeof(OperationsPage), "/operations?window=1h", "No operations found." },
        { typeof(OperationDetail), "/operations/0192f1c8-5f0e-7cc3-98c4-dc0c0c07398f", "No running or stored operation has this id." },
        { typeof(Server.Pages.Resources.Resources), "/resources?window=1h&source=nobody", "No samples from nobody." },
    };

    public static TheoryData<Type, string> Waiting => new()
    {
        { typeof(DashboardPage), "/?window=1h&source=a" }, { typeof(Server.Pages.Benchmarks.Benchmarks), "/benchmarks?window=1h" },
        { typeof(Server.Pages.Compare.Compare), "/compare?window=1h" }, { typeof(ReportPage), "/report?window=1h" },
    };

    public static TheoryData<Type, string, string, string> Counting => new()
    {
        { typeof(OperationsPage), "/operations?window=1h", "1 operations, 0 failed", "2 operations, 0 failed" },
        { typeof(Server.Pages.Benchmarks.Benchmarks), "/benchmarks?window=1h", "1 of 1 names", "2 of 2 names" },
        { typeof(Server.Pages.Compare.Compare), "/compare?window=1h", "first-one", "second-one" },
    };

    [Theory]
    [MemberData(nameof(Failing))]
    public async Task A_page_without_a_database_says_what_is_missing_and_why_and_offers_to_try_again(Type page, string path, string what)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, StorageSetup.FileName));
        await using var portal = PortalFactory.StartUnready(folder.Path);
        using var context = portal.BrowseAs(path, Scope.Read, Scope.Admin);
        var shown = Show(context, page, path);
        shown.WaitForText(what);
        shown.WaitForText("is a directory, but a file is expected");
        Assert.Contains("Try again", shown.Markup, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Waiting))]
    public async Task A_page_that_waits_for_its_turn_shows_where_its_content_will_be(Type page, string path)
    {
        await using var portal = await PortalFactory.StartAsync();
        using var context = portal.BrowseAs(path, Scope.Read);
        var places = await OccupyAsync(portal.Services.GetRequiredService<HeavyReads>());
        var shown = Show(context, page, path);
        Assert.NotEmpty(shown.FindAll("[role=status] .mud-skeleton"));
        Assert.DoesNotContain("could not be", shown.Markup, StringComparison.Ordinal);
        places.ForEach(place => place.Dispose());
        shown.WaitForState(() => shown.FindAll("[role=status] > .mud-skeleton").Count == 0, Patience);
    }

    [Theory]
    [MemberData(nameof(Empty))]
    public async Task A_page_without_data_says_so(Type page, string path, string what)
    {
        await using var portal = await PortalFactory.StartAsync();
        using var context = portal.BrowseAs(path, Scope.Read, Scope.Admin);
        Show(context, page, path).WaitForText(what);
    }

    [Theory]
    [MemberData(nameof(Counting))]
    public async Task A_paused_page_keeps_its_data_and_shows_what_is_new_when_it_resumes(Type page, string path, string before, string after)
    {
        await using var portal = await PortalFactory.StartAsync();
        await EndAsync(portal, "first-one");
        using var context = portal.BrowseAs(path, Scope.Read);
        var shown = Show(context, page, path);
        shown.WaitForText(before);
        context.State.Pause();
        await EndAsync(portal, "second-one");
        shown.WaitForState(() => context.State.NewSincePause > 0, Patience);
        Assert.DoesNotContain("second-one", shown.Markup, StringComparison.Ordinal);
        Assert.Contains(before, shown.Markup, StringComparison.Ordinal);
        context.State.Resume();
        shown.WaitForText(after);
    }

    [Fact]
    public async Task The_counts_above_and_below_the_operations_agree_when_some_were_abandoned_or_cancelled()
    {
        await using var portal = await PortalFactory.StartAsync();
        await EndAsync(portal, "finished");
        string id = (await portal.Client.PostAsync(Operations, new { metric_type = "download_operation", operation_name = "stopped" })).Expect(201)["id"].GetString()!;
        (await portal.Client.PostAsync($"{Operations}/{id}/complete", new { status = "cancelled" })).Expect(200);
        using var context = portal.BrowseAs("/operations?window=1h", Scope.Read);
        var page = context.Render<OperationsPage>();
        page.WaitForText("2 operations, 0 failed");
        var figures = page.FindAll("dl[aria-label='Statistics of the filtered operations'] > div");
        Assert.Equal("Operations2", figures[0].TextContent.Trim());
        Assert.Equal("Success rate100 %", figures[1].TextContent.Trim());
        Assert.StartsWith("Of the 1 operations that succeeded or failed", figures[1].GetAttribute("title"), StringComparison.Ordinal);
        Assert.Contains(figures, figure => figure.TextContent.Trim() == "Cancelled1");
    }

    private static IRenderedComponent<Bunit.Rendering.ContainerFragment> Show(PortalContext context, Type page, string path) => context.Render(builder =>
    {
        builder.OpenComponent(0, page);
        if (page == typeof(OperationDetail))
        {
            builder.AddAttribute(1, nameof(OperationDetail.Id), path.Split('/')[^1]);
        }

        builder.CloseComponent();
    });

    /// <summary>Takes all places for heavy reads.</summary>
    private static async Task<List<IDisposable>> OccupyAsync(HeavyReads reads)
    {
        List<IDisposable> places = [];
        foreach (var kind in new[] { HeavyRead.Comparison, HeavyRead.Source })
        {
            while (true)
            {
                using var giveUp = new CancellationTokenSource();
                var place = reads.EnterAsync(kind, giveUp.Token);
                if (!place.IsCompleted)
                {
                    await giveUp.CancelAsync();
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await place);
                    break;
                }

                places.Add((await place)!);
            }
        }

        return places;
    }

    private static async Task EndAsync(PortalFactory portal, string name)
    {
        string id = (await portal.Client.PostAsync(Operations, new { metric_type = "download_operation", operation_name = name })).Expect(201)["id"].GetString()!;
        (await portal.Client.PostAsync($"{Operations}/{id}/complete", new { success = true })).Expect(200);
    }
}
