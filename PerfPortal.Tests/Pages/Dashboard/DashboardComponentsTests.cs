using Bunit;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Charts;
using PerfPortal.Server.Pages.Dashboard;
using PerfPortal.Server.Pages.Live;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Dashboard;
using PerfPortal.Server.Views.Operations;
using PerfPortal.Server.Views.Resources;
using PerfPortal.Tests.Views.Dashboard;
using PerfPortal.Tests.Views.Operations;
using Xunit;

namespace PerfPortal.Tests.Pages.Dashboard;

public sealed class DashboardComponentsTests
{
    [Fact]
    public void Without_enough_operations_no_score_is_made_up()
    {
        using var context = new PortalContext();
        var card = context.Render<VerdictCard>(p => p.Add(c => c.Analysis, SampleAnalysis.Empty).Add(c => c.Active, ActiveList.Empty));
        Assert.StartsWith("–", card.Find(".score-number").TextContent, StringComparison.Ordinal);
        Assert.Contains("not enough data (needs 10 operations in 24 hours, has 3)", card.Markup, StringComparison.Ordinal);
        Assert.Contains("Not enough data", card.Find(".mud-chip").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_in_flight_has_a_bar_a_time_left_and_a_link()
    {
        using var context = new PortalContext();
        var row = new ActiveRow(SampleOperations.Running(7) with { Progress = new(1, 4, "files") }, 1, new(30, 60));
        var card = context.Render<VerdictCard>(p => p.Add(c => c.Analysis, SampleAnalysis.Empty).Add(c => c.Active, new([row], 6)));
        Assert.Equal("25", card.Find("[role=progressbar]").GetAttribute("aria-valuenow"));
        Assert.Contains("1 of 4 files · 30.0 s left", card.Markup, StringComparison.Ordinal);
        Assert.StartsWith($"/operations/{SampleOperations.Id(7)}", card.Find(".flight a").GetAttribute("href"), StringComparison.Ordinal);
        Assert.Contains("and 5 more", card.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_end_of_a_long_name_in_flight_is_not_cut()
    {
        using var context = new PortalContext();
        var row = new ActiveRow(SampleOperations.Running(7) with { Name = "download mistral-7b-instruct-v0.3-q4_k_m.gguf" }, 1, null);
        var link = context.Render<VerdictCard>(p => p.Add(c => c.Analysis, SampleAnalysis.Empty).Add(c => c.Active, new([row], 1))).Find(".flight a");
        Assert.EndsWith("q4_k_m.gguf", link.TextContent, StringComparison.Ordinal);
        Assert.Contains("…", link.TextContent, StringComparison.Ordinal);
        Assert.Equal(row.Operation.Name, link.GetAttribute("title"));
    }

    [Fact]
    public void The_portals_own_row_stands_last_and_leads_to_its_own_source()
    {
        using var context = new PortalContext("/?window=6h");
        _ = context.State;
        var table = context.Render<TypeTable>(p => p
            .Add(t => t.Rows, [Row(MetricType.DownloadOperation), Row(MetricType.HealthCheck)])
            .Add(t => t.Own, Row(null)));
        string[] links = table.FindAll("tbody a").Select(a => a.GetAttribute("href")!).ToArray();
        Assert.Equal("/operations?metric_type=download_operation&window=6h", links[0]);
        Assert.Equal("/operations?window=6h&source=perfportal", links[^1]);
        Assert.Equal("Portal (own operations)", table.FindAll("tbody a")[^1].TextContent);
        table.FindAll("tbody tr")[1].Click();
        Assert.Equal("/operations?metric_type=health_check&window=6h", context.PathAndQuery);
    }

    [Fact]
    public void Evidence_is_closed_until_it_is_asked_for()
    {
        using var context = new PortalContext();
        string? asked = "none";
        var card = context.Render<FindingCard>(p => p
            .Add(c => c.Key, "k").Add(c => c.Sentence, "9 % failed.").Add(c => c.OnOpen, (string? key) => asked = key).AddChildContent("<b>proof</b>"));
        Assert.Empty(card.FindAll("b"));
        card.Find("button").Click();
        Assert.Equal("k", asked);

        card.Render(p => p.Add(c => c.IsOpen, true));
        Assert.Equal("true", card.Find("button").GetAttribute("aria-expanded"));
        Assert.Equal("proof", card.Find("#" + card.Find("button").GetAttribute("aria-controls") + " b").TextContent);
        card.Find("button").Click();
        Assert.Null(asked);
    }

    [Fact]
    public void A_row_that_left_says_how_it_ended_and_has_no_bar()
    {
        using var context = new PortalContext();
        var left = SampleOperations.Row(2) with { LeftAs = OperationStatus.Failed, LeftAt = SampleOperations.Noon };
        var table = context.Render<ActiveTable>(p => p
            .Add(t => t.Rows, [SampleOperations.Row(1), left]).Add(t => t.Now, SampleOperations.Noon).Add(t => t.ReadAt, SampleOperations.Noon));
        Assert.Single(table.FindAll("[role=progressbar]"));
        Assert.Contains("Failed", table.Find("tr.row-leaving").TextContent, StringComparison.Ordinal);
        Assert.Contains("59 m 00 s", table.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_click_on_a_bar_opens_the_operations_of_its_time_and_outcome()
    {
        using var context = new PortalContext("/?window=1h&source=alpha");
        _ = context.State;
        var from = PortalContext.Noon;
        var data = new ChartData(from, from.AddMinutes(2), [from, from.AddMinutes(1)],
            [new("Succeeded", [3, 0], ChartKind.Bar), new("Failed", [0, 2], ChartKind.Bar)]);
        var grid = context.Render<ChartGrid>(p => p.Add(c => c.Charts, [new ChartModel(OperationsChart.Key, "Operations", null, data, [], null, "")]));
        grid.FindComponent<TimeChart>().Instance.OpenBar(1, from.AddMinutes(1).ToUnixTimeMilliseconds());
        Assert.Equal("/operations?status=failed&from=2026-03-04T12%3A01%3A00Z&to=2026-03-04T12%3A02%3A00Z&source=alpha", context.PathAndQuery);
    }

    [Fact]
    public void The_three_recommendations_with_the_largest_gain_are_shown_and_all_are_one_click_away()
    {
        using var context = new PortalContext();
        _ = context.State;
        var section = context.Render<FindingsSection>(p => p.Add(s => s.Recommendations, [.. Enumerable.Range(1, 5).Select(Advice)]).Add(s => s.Bottlenecks, [SampleAnalysis.Failing()]));
        Assert.Equal(["Advice 5", "Advice 4", "Advice 3"], section.FindAll("[aria-labelledby=recommendations-title] article h3").Select(title => title.TextContent));
        Assert.Contains("Expected gain: Saves 5 h.", section.Markup, StringComparison.Ordinal);
        Assert.Equal("All 5", section.FindAll("a").Single(link => link.TextContent.StartsWith("All 5", StringComparison.Ordinal)).TextContent);
        Assert.Contains("Warning", section.Find("[aria-labelledby=bottlenecks-title] .mud-chip").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Recommendations_with_the_same_cause_are_one_card_with_all_its_members()
    {
        using var context = new PortalContext();
        _ = context.State;
        Recommendation[] same = [.. Enumerable.Range(1, 2).Select(i => Advice(i) with { Cause = "ConnectionReset" })];
        var section = context.Render<FindingsSection>(p => p.Add(s => s.Recommendations, same).Add(s => s.Open, "advice-2"));
        Assert.Single(section.FindAll("[aria-labelledby=recommendations-title] article"));
        Assert.Equal(2, section.FindAll("[aria-labelledby=recommendations-title] tbody th a").Count);
    }

    [Fact]
    public void Without_findings_both_lists_say_so()
    {
        using var context = new PortalContext();
        _ = context.State;
        var section = context.Render<FindingsSection>();
        Assert.Contains("No bottlenecks found in the last 24 hours.", section.Markup, StringComparison.Ordinal);
        Assert.Contains("No recommendations for the last 24 hours.", section.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_sensor_is_a_grey_tile_with_its_reason()
    {
        using var context = new PortalContext();
        _ = context.State;
        var grid = context.Render<TileGrid>(p => p.Add(g => g.Tiles, [new ResourceTile { Key = "gpu", Title = "GPU", Unit = "%", Absent = "No NVIDIA driver." }]));
        Assert.Contains("No NVIDIA driver.", grid.Find(".metric-unknown .metric-absent").TextContent, StringComparison.Ordinal);
    }

    private static Recommendation Advice(int number) => new()
    {
        Id = $"advice-{number}",
        Kind = "retries",
        Title = $"Advice {number}",
        Cause = $"cause {number}",
        Sentence = "Downloads are retried.",
        Action = "Fix them.",
        Condition = "Always.",
        Gain = new($"Saves {number} h.", 3600 * number, "s per day", "time"),
    };

    private static TypeRow Row(MetricType? type) => new(type, SampleAnalysis.Some(15, 3), SampleAnalysis.Some(10, 4), [1, 2], 2);
}
