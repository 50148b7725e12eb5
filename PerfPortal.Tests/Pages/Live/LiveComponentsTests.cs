using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Pages.Live;
using PerfPortal.Server.Views.Operations;
using Xunit;
using static PerfPortal.Tests.Views.Operations.SampleOperations;

namespace PerfPortal.Tests.Pages.Live;

public sealed class LiveComponentsTests
{
    [Fact]
    public void A_bar_says_its_facts_shows_its_outcome_and_opens_its_operation()
    {
        using var context = new PortalContext("/live?window=1h");
        _ = context.State;
        var view = Render(context, Arranged([Ended(1, "bge", status: OperationStatus.Failed, error: "Reset") with { StartTime = Noon.AddSeconds(-70), EndTime = Noon.AddSeconds(-10) }]));
        var bar = view.Find("a[data-row]");
        Assert.StartsWith($"/operations/{Id(1)}", bar.GetAttribute("href"), StringComparison.Ordinal);
        Assert.Equal("bge · Download · alpha · Failed after 1 m 00 s at 11:59:50 · Reset", bar.GetAttribute("title"));
        Assert.Contains("is-failed", bar.ClassList);
        Assert.Equal("Failed", view.Find("ul[aria-label=Legend] li").TextContent);
    }

    [Fact]
    public void The_timeline_has_a_text_for_those_who_do_not_see_it()
    {
        using var context = new PortalContext("/live?window=1h");
        _ = context.State;
        var view = Render(context, Arranged([Ended(1) with { StartTime = Noon.AddSeconds(-70), EndTime = Noon.AddSeconds(-10) }], Row(2)));
        Assert.Equal(
            "Timeline of the last 5 minutes. 1 running, 1 finished, 0 failed. The tables below list the same operations.", view.Find("[role=group][aria-label^=Timeline]").GetAttribute("aria-label"));
    }

    [Fact]
    public void As_time_passes_only_the_track_moves()
    {
        using var context = new PortalContext("/live?window=1h");
        _ = context.State;
        var timeline = Arranged([], Row(2));
        var view = Render(context, timeline);
        string before = view.Find(".track").GetAttribute("style")!;
        int renders = view.FindComponent<TimelineBars>().RenderCount;
        view.Render(p => p.Add(t => t.Now, Noon.AddSeconds(3)));
        Assert.Equal("transform:translateX(99%)", view.Find(".track").GetAttribute("style"));
        Assert.NotEqual(before, view.Find(".track").GetAttribute("style"));
        Assert.Equal(renders, view.FindComponent<TimelineBars>().RenderCount);
    }

    [Fact]
    public void One_bar_is_in_the_tab_order_and_the_arrows_reach_the_others()
    {
        using var context = new PortalContext("/live?window=1h");
        _ = context.State;
        var view = Render(context, Arranged([], Row(1), Row(2), Row(3)));
        Assert.Equal(["0", "-1", "-1"], view.FindAll("[data-walk] a[data-row]").Select(bar => bar.GetAttribute("tabindex")));
    }

    [Fact]
    public void The_examples_have_the_portals_own_address_and_run_as_they_are()
    {
        var examples = ReportCommands.All("https://portal.test/perf/", needsKey: false);
        Assert.Equal(["curl", "Python", "C#"], examples.Select(example => example.Title));
        Assert.All(examples, example => Assert.Contains("https://portal.test/perf/api/v1/performance/operations", example.Code, StringComparison.Ordinal));
        Assert.All(examples, example => Assert.DoesNotContain("KEY", example.Code, StringComparison.Ordinal));
        Assert.All(ReportCommands.All("https://portal.test/", needsKey: true), example => Assert.Contains("Bearer", example.Code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_type_a_text_and_the_portals_own_operations_are_chosen_with_the_kit()
    {
        using var context = new PortalContext("/live?window=1h");
        string? type = null;
        bool? own = null;
        var popovers = context.Render<MudPopoverProvider>();
        var filters = context.Render<LiveFilters>(p => p
            .Add(f => f.Query, new LiveQuery(null, null, IncludePortal: false)).Add(f => f.OnType, (string? value) => type = value).Add(f => f.OnOwn, (bool value) => own = value));
        Assert.Empty(filters.FindAll("select"));
        filters.Find("[data-filter]");
        filters.Find("input[type=checkbox]").Change(true);
        Assert.True(own);
        filters.Find("div.mud-input-control").MouseDown();
        popovers.WaitForState(() => popovers.FindAll(".mud-list-item").Count > 1);
        await popovers.InvokeAsync(() => popovers.FindAll(".mud-list-item").First(item => item.TextContent.Contains("Health check", StringComparison.Ordinal)).Click());
        filters.WaitForAssertion(() => Assert.Equal("health_check", type));
    }

    private static Timeline Arranged(Operation[] ended, params ActiveRow[] running)
    {
        var timeline = new Timeline(TimeSpan.FromMinutes(LiveOperationsPage.DefaultMinutes));
        timeline.Arrange(running, ended, Noon);
        return timeline;
    }

    private static IRenderedComponent<LiveTimeline> Render(PortalContext context, Timeline timeline) =>
        context.Render<LiveTimeline>(p => p.Add(t => t.Timeline, timeline).Add(t => t.Now, Noon).Add(t => t.IsMoving, true));
}
