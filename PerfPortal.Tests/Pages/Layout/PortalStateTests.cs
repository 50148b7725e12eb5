using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Pages.Layout;
using PerfPortal.Server.Views;
using Xunit;

namespace PerfPortal.Tests.Pages.Layout;

public sealed class PortalStateTests
{
    [Fact]
    public void The_address_says_the_range_and_a_relative_one_moves_with_the_clock()
    {
        using var context = new PortalContext("/?window=6h&source=alpha");
        var state = context.State;
        Assert.Equal("alpha", state.Source);
        Assert.True(state.IsLive);
        Assert.Equal(new TimeRange(PortalContext.Noon.AddHours(-6), PortalContext.Noon), state.Current);
        context.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(PortalContext.Noon.AddMinutes(1), state.Current.To);
    }

    [Fact]
    public void A_bare_address_takes_the_saved_view_and_replaces_its_entry()
    {
        using var context = new PortalContext("/");
        var state = new PortalState(context.Navigation, context.Time);
        state.Start("window=24h&source=beta");
        state.EnsureUrl();
        Assert.Equal("/?window=24h&source=beta", context.PathAndQuery);
        Assert.True(context.Navigation.History.First().Options.ReplaceHistoryEntry);
    }

    [Fact]
    public void Going_back_brings_the_range_back()
    {
        using var context = new PortalContext("/?window=1h");
        var state = context.State;
        state.SetWindow("7d");
        Assert.Equal("/?window=7d", context.PathAndQuery);
        context.Navigation.NavigateTo("/?window=1h");
        Assert.Equal("1h", state.Range.Window);
    }

    [Fact]
    public void Other_parameters_stay_and_do_not_count_as_a_change()
    {
        using var context = new PortalContext("/operations?window=1h&q=llama");
        var state = context.State;
        int changes = 0;
        state.Changed += () => changes++;
        context.Navigation.NavigateTo("/operations?window=1h&q=qwen");
        Assert.Equal(0, changes);
        state.SetSource("beta");
        Assert.Equal(1, changes);
        Assert.Equal("/operations?window=1h&q=qwen&source=beta", context.PathAndQuery);
    }

    [Fact]
    public void A_bare_link_keeps_the_range_and_a_fixed_range_removes_the_window()
    {
        using var context = new PortalContext("/?window=6h");
        var state = context.State;
        context.Navigation.NavigateTo("/live");
        Assert.Equal("6h", state.Range.Window);
        state.SetRange(PortalContext.Noon.AddHours(-2), PortalContext.Noon.AddHours(-1));
        Assert.Equal("/live?from=2026-03-04T10:00:00Z&to=2026-03-04T11:00:00Z", Uri.UnescapeDataString(context.PathAndQuery));
        Assert.False(state.IsLive);
    }

    [Fact]
    public void An_unreadable_range_shows_the_default_and_says_so()
    {
        using var context = new PortalContext("/?from=yesterday");
        Assert.NotNull(context.State.RangeError);
        Assert.Equal(TimeSpan.FromHours(1), context.State.Current.Length);
        context.State.SetWindow("6h");
        Assert.Null(context.State.RangeError);
    }

    [Fact]
    public void A_pause_freezes_the_range_and_counts_what_is_new()
    {
        using var context = new PortalContext("/?window=1h");
        var state = context.State;
        state.CountNew(5);
        state.Pause();
        state.CountNew(37);
        context.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal(PortalContext.Noon, state.Current.To);
        Assert.Equal(37, state.NewSincePause);
        state.Resume();
        Assert.Equal(PortalContext.Noon.AddMinutes(9), state.Current.To);
        Assert.Equal(0, state.NewSincePause);
    }

    [Fact]
    public void A_fixed_range_cannot_be_paused()
    {
        using var context = new PortalContext("/?from=2026-03-04T10:00:00Z&to=2026-03-04T11:00:00Z");
        context.State.Pause();
        Assert.False(context.State.IsPaused);
    }

    [Fact]
    public void Administration_carries_no_range()
    {
        using var context = new PortalContext("/admin/thresholds");
        context.State.EnsureUrl();
        Assert.Equal("/admin/thresholds", context.PathAndQuery);
        Assert.Equal("/admin/thresholds", context.State.Href("/admin/thresholds"));
        Assert.Equal("/operations?q=a&window=1h", context.State.Href("/operations?q=a"));
    }

    [Fact]
    public void Steps_move_by_the_width_and_stop_at_the_present()
    {
        var hour = new TimeRange(PortalContext.Noon.AddHours(-2), PortalContext.Noon.AddHours(-1));
        Assert.Equal("2026-03-04T09:00:00Z", RangeMoves.Step(hour, -1, PortalContext.Noon).From);
        Assert.Equal(new RangeRequest(Window: "1h"), RangeMoves.Step(hour, 1, PortalContext.Noon));
    }

    [Fact]
    public void Zooming_out_doubles_about_the_middle_and_never_reaches_the_future()
    {
        var past = new TimeRange(PortalContext.Noon.AddHours(-10), PortalContext.Noon.AddHours(-8));
        Assert.Equal(RangeMoves.Fixed(PortalContext.Noon.AddHours(-11), PortalContext.Noon.AddHours(-7)), RangeMoves.ZoomOut(past, false, PortalContext.Noon));
        var near = new TimeRange(PortalContext.Noon.AddHours(-2), PortalContext.Noon.AddMinutes(-10));
        Assert.Null(RangeMoves.ZoomOut(near, false, PortalContext.Noon).To);
    }

    [Theory]
    [InlineData(90, "90m")]
    [InlineData(360, "6h")]
    [InlineData(1440, "24h")]
    [InlineData(10080, "7d")]
    public void A_window_is_written_and_read_back(int minutes, string text)
    {
        Assert.Equal(text, QuickRanges.Text(TimeSpan.FromMinutes(minutes)));
        Assert.True(QuickRanges.TryParseWindow(text, out var window));
        Assert.Equal(minutes, window.TotalMinutes);
    }

    [Theory]
    [InlineData("en-GB", "now-6h", "now", "6h", null)]
    [InlineData("en-GB", "now-6h", "", "6h", null)]
    [InlineData("en-GB", "2026-03-04 13:00", "2026-03-04 14:00", null, "2026-03-04T12:00:00Z")]
    [InlineData("en-GB", "09:30", "", null, "2026-03-04T08:30:00Z")]
    [InlineData("de-DE", "28.2.2026 02:00", "", null, "2026-02-28T01:00:00Z")]
    [InlineData("en-GB", "1/2/2026 02:00", "", null, "2026-02-01T01:00:00Z")]
    [InlineData("en-US", "1/2/2026 02:00", "", null, "2026-01-02T01:00:00Z")]
    [InlineData("de-DE", "Yesterday", "today", null, "now-1d/d")]
    public void What_is_typed_is_read_in_the_readers_zone_and_order_of_dates(string language, string from, string to, string? window, string? start)
    {
        var clock = new BrowserClock();
        clock.Start("Europe/Berlin", utc: false, language);
        var range = RangeInput.Read(from, to, clock, PortalContext.Noon);
        Assert.Equal(window, range.Window);
        Assert.Equal(start, range.From);
    }

    [Theory]
    [InlineData("en-US", "1/31/2026")]
    [InlineData("en-GB", "31/1/2026")]
    public void The_error_of_a_range_states_once_what_is_understood(string language, string example)
    {
        var clock = new BrowserClock();
        clock.Start("Europe/Berlin", utc: false, language);
        Assert.Contains(example, RangeInput.Forms(clock), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{broken")]
    [InlineData("%7B%22theme%22%3A%22pink%22%7D")]
    public void A_damaged_cookie_counts_as_none(string? cookie) => Assert.Equal(new SavedPreferences(), SavedPreferences.FromCookie(cookie));

    [Fact]
    public void The_cookie_says_what_the_first_paint_needs()
    {
        var saved = SavedPreferences.FromCookie(Uri.EscapeDataString("""{"theme":"system","shown":"dark","clock":"utc","zone":"Asia/Tokyo","rail":"narrow","lang":"de-DE","view":"window=6h"}"""));
        Assert.Equal(("dark", "utc", "Asia/Tokyo", "narrow", "de-DE", "window=6h"), (saved.ResolvedTheme, saved.Clock, saved.Zone, saved.Rail, saved.Lang, saved.View));
    }
}
