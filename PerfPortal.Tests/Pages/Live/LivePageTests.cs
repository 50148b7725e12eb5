using Bunit;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Sampling;
using PerfPortal.Server.Pages;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Pages.Live;
using PerfPortal.Server.Views;
using PerfPortal.Tests.Api;
using Xunit;
using TestContext = Xunit.TestContext;

namespace PerfPortal.Tests.Pages.Live;

public sealed class LivePageTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private const string Operations = "/api/v1/performance/operations";

    [Fact]
    public async Task An_empty_portal_shows_how_to_report_and_the_operation_appears_when_it_starts()
    {
        await using var empty = await PortalFactory.StartAsync();
        using var context = new PortalContext("/live?window=1h", services =>
        {
            services.AddSingleton(TimeProvider.System);
            services.AddSingleton<IPortalNames>(new NoNames());
            ((BunitServiceProvider)services).AddFallbackServiceProvider(new PortalBehindPages(empty.Services));
        });
        _ = context.State;
        var page = context.Render<LiveOperationsPage>();
        page.WaitForText("Report your first operation");
        Assert.Contains(context.Navigation.BaseUri + "api/v1/performance/operations", page.Find("pre").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[role=group][aria-label^=Timeline]"));

        await StartAsync(empty, "whisper-large", "notebook");
        page.WaitForText("whisper-large");
        Assert.Contains("notebook", page.Find(".sources").TextContent, StringComparison.Ordinal);
        Assert.Single(page.FindAll("a.is-running"));
    }

    [Fact]
    public async Task A_paused_page_keeps_its_data_and_shows_what_is_new_when_it_resumes()
    {
        await StartAsync(portal, "before", "paused");
        using var context = portal.Browse("/live?window=1h&source=paused");
        var page = context.Render<LiveOperationsPage>();
        page.WaitForText("before");
        context.State.Pause();
        var told = portal.Services.GetRequiredService<LiveFeed>().NextAsync();
        await StartAsync(portal, "after", "paused");
        await told;
        Assert.DoesNotContain("after", page.Find("tbody").TextContent, StringComparison.Ordinal);
        context.State.Resume();
        page.WaitForState(() => page.FindAll("tbody tr").Count == 2);
    }

    [Fact]
    public async Task A_page_in_the_background_does_nothing_and_catches_up_when_it_returns()
    {
        using var context = portal.Browse("/live?window=1h&source=hidden");
        var page = context.Render<LiveOperationsPage>();
        page.WaitForText("No operations of hidden are running");
        var connection = context.Services.GetRequiredService<PageConnection>();
        connection.SetVisible(false);
        int renders = page.RenderCount;
        var told = portal.Services.GetRequiredService<LiveFeed>().NextAsync();
        await StartAsync(portal, "unseen", "hidden");
        await told;
        Assert.Equal(renders, page.RenderCount);
        connection.SetVisible(true);
        page.WaitForText("unseen");
    }

    [Fact]
    public async Task A_page_whose_connection_is_lost_no_longer_keeps_the_sensors_at_one_second()
    {
        using var context = portal.Browse("/?window=1h");
        var sampler = portal.Services.GetRequiredService<ResourceSampler>();
        int others = sampler.Status.Watchers;
        var page = context.Render<PerfPortal.Server.Pages.Dashboard.DashboardPage>();
        Assert.Equal(others + 1, sampler.Status.Watchers);
        var connection = context.Services.GetRequiredService<PageConnection>();
        await page.InvokeAsync(() => connection.OnConnectionDownAsync(null!, TestContext.Current.CancellationToken));
        page.WaitForState(() => sampler.Status.Watchers == others);
        await page.InvokeAsync(() => connection.OnConnectionUpAsync(null!, TestContext.Current.CancellationToken));
        page.WaitForState(() => sampler.Status.Watchers == others + 1);
    }

    [Fact]
    public async Task A_type_that_nothing_has_offers_to_clear_the_filters()
    {
        await StartAsync(portal, "kept", "filtered");
        using var context = portal.Browse("/live?window=1h&source=filtered&metric_type=health_check");
        var page = context.Render<LiveOperationsPage>();
        page.WaitForText("No running operations match the filter.");
    }

    [Fact]
    public void A_range_in_the_past_says_that_the_page_does_not_update()
    {
        using var context = portal.Browse("/live?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z");
        var page = context.Render<LiveOperationsPage>();
        page.WaitForText("The range ends in the past, so this page does not update.");
        Assert.Empty(page.FindAll("[role=group][aria-label^=Timeline]"));
    }

    private static async Task StartAsync(PortalFactory portal, string name, string source) =>
        (await portal.Client.PostAsync(Operations, new { metric_type = "download_operation", operation_name = name, source })).Expect(201);

    private sealed class NoNames : IPortalNames
    {
        public IReadOnlyList<string> Sources() => [];

        public IReadOnlyList<string> Names(string text, int max) => [];
    }
}

file static class Feeds
{
    /// <summary>Waits for the next message of the feed.</summary>
    public static async Task NextAsync(this LiveFeed feed)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Tell(LiveMessage message) => told.TrySetResult();
        feed.Changed += Tell;
        await told.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        feed.Changed -= Tell;
    }
}
