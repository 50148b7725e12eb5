using Bunit;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Text;
using PerfPortal.Tests.Pages;
using Xunit;

namespace PerfPortal.Tests.Controls;

public sealed class ControlsTests
{
    [Fact]
    public void A_status_is_a_word_and_an_icon_and_a_style()
    {
        using var context = new PortalContext();
        var chip = context.Render<StatusChip>(p => p.Add(c => c.Operation, OperationStatus.Failed));
        Assert.Equal("Failed", chip.Find(".mud-chip-color-error").TextContent.Trim());
        Assert.Equal("true", chip.Find("svg").GetAttribute("aria-hidden"));
    }

    [Fact]
    public void Every_operation_status_has_a_word_of_its_own()
    {
        using var context = new PortalContext();
        var words = Enum.GetValues<OperationStatus>().Select(s => context.Render<StatusChip>(p => p.Add(c => c.Operation, s)).Find(".status").TextContent.Trim());
        Assert.Equal(Enum.GetNames<OperationStatus>(), words);
    }

    [Fact]
    public void Ago_says_the_exact_time_on_hover_in_the_readers_zone()
    {
        using var context = new PortalContext();
        context.Clock.Start("Europe/Berlin", utc: false);
        var time = context.Render<Ago>(p => p.Add(a => a.At, PortalContext.Noon.AddMinutes(-3))).Find("time");
        Assert.Equal("3 min ago", time.TextContent);
        Assert.Equal("2026-03-04T11:57:00.000Z", time.GetAttribute("datetime"));
        Assert.Equal("2026-03-04 12:57:00 UTC+01:00", time.GetAttribute("title"));
    }

    [Fact]
    public void A_time_is_written_anew_when_the_reader_chooses_utc()
    {
        using var context = new PortalContext();
        context.Clock.Start("Asia/Tokyo", utc: false);
        var time = context.Render<TimeText>(p => p.Add(a => a.At, PortalContext.Noon));
        Assert.Equal("2026-03-04 21:00:00", time.Find("time").TextContent);
        context.Clock.UseUtc(true);
        time.WaitForAssertion(() => Assert.Equal("2026-03-04 12:00:00", time.Find("time").TextContent));
    }

    [Fact]
    public void A_gap_breaks_the_line_and_a_lone_value_is_a_dash()
    {
        string path = SparklinePath.Line([0, null, 1, 1], 30, 12, 0, 1);
        Assert.Equal("M0 11h1M20 1L30 1", path);
    }

    [Fact]
    public void A_level_line_does_not_divide_by_zero()
    {
        var (low, high) = SparklinePath.Scale([5, 5], null, null, null);
        Assert.Equal((4.5, 5.5), (low, high));
        Assert.Equal((0, 1), SparklinePath.Scale([null, double.NaN], null, null, null));
    }

    [Fact]
    public void A_sparkline_says_its_course_in_words()
    {
        using var context = new PortalContext();
        var spark = context.Render<Sparkline>(p => p.Add(s => s.Values, [1, null, 3, 2]).Add(s => s.Unit, "%"));
        Assert.Equal("Last 2 %, lowest 1 %, highest 3 %", spark.Find("svg").GetAttribute("aria-label"));
    }

    [Fact]
    public void An_absent_sensor_says_why_and_shows_no_number()
    {
        using var context = new PortalContext();
        var tile = context.Render<Metric>(p => p.Add(m => m.Title, "GPU").Add(m => m.Absent, "No GPU on this host.").Add(m => m.State, Health.Unknown));
        Assert.Equal("No GPU on this host.", tile.Find(".metric-absent").TextContent.Trim());
        Assert.Empty(tile.FindAll(".metric-value"));
    }

    [Fact]
    public void A_tile_shows_number_unit_limit_and_the_direction_of_its_trend()
    {
        using var context = new PortalContext();
        var tile = context.Render<Metric>(p => p.Add(m => m.Title, "CPU").Add(m => m.Value, 91.26).Add(m => m.Unit, "%").Add(m => m.Threshold, 90)
            .Add(m => m.Trend, 1).Add(m => m.TrendText, "+1.2 %/h").Add(m => m.State, Health.Critical));
        Assert.Equal("91.3%", tile.Find(".metric-value").TextContent);
        Assert.Contains("Rising: +1.2 %/h", tile.Find(".metric-trend").TextContent, StringComparison.Ordinal);
        Assert.Equal("threshold 90 %", tile.Find(".metric-limit").TextContent);
        Assert.Equal("Critical", tile.Find(".status").TextContent.Trim());
    }

    [Theory]
    [InlineData(0.29, "29 % · 2 m 05 s left", "29")]
    [InlineData(0.999, "99 % · 2 m 05 s left", "99")]
    [InlineData(7.0, "100 % · 2 m 05 s left", "100")]
    [InlineData(null, "2 m 05 s left", null)]
    public void Progress_stays_between_nothing_and_all(double? share, string words, string? now)
    {
        using var context = new PortalContext();
        var bar = context.Render<ProgressLine>(p => p.Add(l => l.Share, share).Add(l => l.Eta, TimeSpan.FromSeconds(124.2)));
        Assert.Equal(words, bar.Find(".progress-text").TextContent);
        Assert.Equal(now, bar.Find("[role=progressbar]").GetAttribute("aria-valuenow"));
    }

    [Fact]
    public void An_error_offers_to_try_again_only_where_that_is_possible()
    {
        using var context = new PortalContext();
        int tries = 0;
        Assert.Empty(context.Render<ErrorState>(p => p.Add(e => e.What, "It failed.")).FindAll("button"));
        context.Render<ErrorState>(p => p.Add(e => e.What, "It failed.").Add(e => e.OnRetry, () => tries++)).Find("button").Click();
        Assert.Equal(1, tries);
    }

    [Fact]
    public void A_filter_is_taken_away_by_its_key()
    {
        using var context = new PortalContext();
        string? removed = null;
        var chips = context.Render<FilterChips>(p => p.Add(f => f.Filters, [new("q", "Text", "llama"), new("status", "Status", "failed")])
            .Add(f => f.OnRemove, (string key) => removed = key));
        chips.Find("li:nth-child(2) button").Click();
        Assert.Equal("status", removed);
    }
}
