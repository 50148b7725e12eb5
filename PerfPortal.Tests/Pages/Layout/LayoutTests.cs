using Bunit;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor;
using PerfPortal.Server.Pages.Layout;
using Xunit;

namespace PerfPortal.Tests.Pages.Layout;

public sealed class LayoutTests
{
    [Fact]
    public void The_rail_marks_the_page_and_its_links_carry_the_range()
    {
        using var context = new PortalContext("/operations/17?window=6h");
        _ = context.State;
        var rail = context.Render<NavRail>();
        Assert.Equal("Operations", rail.Find("nav [aria-current=page]").TextContent.Trim());
        Assert.Equal("/live?window=6h", rail.FindAll("nav a").Single(a => a.TextContent.Trim() == "Live").GetAttribute("href"));
    }

    [Fact]
    public async Task The_badge_says_live_then_paused_with_what_is_new()
    {
        using var context = new PortalContext("/?window=1h");
        _ = context.State;
        var badge = context.Render<LiveBadge>();
        await badge.InvokeAsync(() => badge.Find("button.live").Click());
        context.State.CountNew(1037);
        badge.WaitForAssertion(() => Assert.Equal("Paused at 12:00:00 · 1,037 new", badge.Find(".live-paused").TextContent.Trim()));
    }

    [Fact]
    public void A_past_range_is_never_called_live()
    {
        using var context = new PortalContext("/?from=2026-03-04T10:00:00Z&to=2026-03-04T11:00:00Z");
        _ = context.State;
        var badge = context.Render<LiveBadge>();
        Assert.Equal("Fixed range", badge.Find(".live").TextContent.Trim());
        Assert.Empty(badge.FindAll("button"));
    }

    [Fact]
    public async Task The_source_selector_keeps_a_source_that_no_longer_reports()
    {
        using var context = new PortalContext("/?window=1h&source=gone");
        _ = context.State;
        var popovers = context.Render<MudPopoverProvider>();
        var selector = context.Render<SourceSelector>();
        Assert.Equal("gone", selector.Find("input").GetAttribute("value"));
        selector.Find("input").Input("bet");
        context.Time.Advance(TimeSpan.FromSeconds(1));
        popovers.WaitForAssertion(() => Assert.Equal("beta", popovers.Find(".mud-list-item").TextContent.Trim()));
        await popovers.InvokeAsync(() => popovers.Find(".mud-list-item").Click());
        selector.WaitForAssertion(() => Assert.Equal("/?window=1h&source=beta", context.PathAndQuery));
    }

    [Fact]
    public async Task A_typed_range_is_checked_while_typing_and_applied()
    {
        using var context = new PortalContext("/?window=1h");
        _ = context.State;
        var popovers = context.Render<MudPopoverProvider>();
        var picker = context.Render<TimeRangePicker>();
        await picker.InvokeAsync(() => picker.Find(".range-button").Click());
        popovers.Find("#range-from").Input("nonsense");
        popovers.Find("form").Submit();
        Assert.Equal("/?window=1h", context.PathAndQuery);
        Assert.Contains("today, yesterday", popovers.Find("[role=status]").TextContent, StringComparison.Ordinal);
        popovers.Find("#range-from").Input("now-90m");
        popovers.Find("form").Submit();
        Assert.Equal("/?window=90m", context.PathAndQuery);
    }

    [Fact]
    public void The_copied_link_carries_the_range_the_source_and_every_filter()
    {
        using var context = new PortalContext("/operations?status=failed&q=llama%203&window=6h&source=alpha");
        Assert.Equal("http://localhost/operations?status=failed&q=llama%203&window=6h&source=alpha", new Uri(context.State.Link).AbsoluteUri);
        context.Navigation.NavigateTo("/operations?status=failed");
        Assert.Equal("http://localhost/operations?status=failed&window=6h&source=alpha", context.State.Link);
    }

    [Fact]
    public async Task The_palette_hands_a_search_over_to_the_operations()
    {
        using var context = new PortalContext("/?window=1h");
        _ = context.State;
        var palette = await OpenPaletteAsync(context);
        palette.Find("input").Input("llama 3");
        await palette.InvokeAsync(() => palette.FindAll("[role=option]")[^1].Click());
        Assert.Equal("/operations?q=llama%203&window=1h", context.PathAndQuery);
    }

    [Fact]
    public async Task The_palette_walks_with_the_arrows()
    {
        using var context = new PortalContext("/?window=1h");
        _ = context.State;
        var palette = await OpenPaletteAsync(context);
        palette.Find("input").Input("last");
        palette.Find("input").KeyDown("ArrowDown");
        palette.Find("input").KeyDown("ArrowDown");
        palette.Find("input").KeyDown("Enter");
        Assert.Equal("/?window=6h", context.PathAndQuery);
    }

    [Fact]
    public async Task The_palette_finds_sources_and_names()
    {
        using var context = new PortalContext("/?window=1h");
        _ = context.State;
        var palette = await OpenPaletteAsync(context);
        palette.Find("input").Input("alph");
        Assert.Equal(["alpha", "alpha-7b", "Search operations for “alph”"], palette.FindAll("[role=option] span:not([class])").Select(option => option.TextContent.Trim()));
        await palette.InvokeAsync(() => palette.FindAll("[role=option]")[1].Click());
        Assert.Equal("/operations?name=alpha-7b&window=1h", context.PathAndQuery);
    }

    private static async Task<IRenderedComponent<MudDialogProvider>> OpenPaletteAsync(PortalContext context)
    {
        var dialogs = context.Render<MudDialogProvider>();
        _ = dialogs.InvokeAsync(() => context.Services.GetRequiredService<LayoutDialogs>().OpenPaletteAsync());
        await dialogs.WaitForStateAsync(() => dialogs.FindAll("[role=option]").Count > 0);
        return dialogs;
    }

    [Fact]
    public void No_two_pages_share_a_key() =>
        Assert.Distinct(NavItems.All.Where(n => n.Key is not null).Select(n => n.Key));

    [Fact]
    public void A_page_filter_is_set_and_removed_without_touching_the_rest()
    {
        using var context = new PortalContext("/operations?window=1h&sort=name");
        var url = new UrlState(context.Navigation);
        url.Set("status", "failed");
        Assert.Equal("/operations?window=1h&sort=name&status=failed", context.PathAndQuery);
        url.Set("sort", null, replace: true);
        Assert.Equal("/operations?window=1h&status=failed", context.PathAndQuery);
        Assert.Equal("failed", url.Get("status"));
        Assert.Null(url.Get("sort"));
    }
}
