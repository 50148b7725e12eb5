using Bunit;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Pages.Dashboard;
using PerfPortal.Server.Pages.Live;
using PerfPortal.Server.Views.Dashboard;
using PerfPortal.Server.Views.Operations;
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
        Assert.StartsWith("–", card.Find(".verdict-number").TextContent, StringComparison.Ordinal);
        Assert.Contains("Not enough operations for a score: 3 in the last 24 hours", card.Markup, StringComparison.Ordinal);
        Assert.Contains("Not enough data", card.Find(".chip").TextContent, StringComparison.Ordinal);
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
    public void The_portals_own_row_stands_last_and_leads_to_its_own_source()
    {
        using var context = new PortalContext("/?window=6h");
        _ = context.State;
        var table = context.Render<TypeTable>(p => p
            .Add(t => t.Rows, [Row(MetricType.DownloadOperation), Row(MetricType.HealthCheck)])
            .Add(t => t.Own, Row(null)));
        string[] links = table.FindAll("tbody a").Select(a => a.GetAttribute("href")!).ToArray();
        Assert.Equal("/operations?metric_type=download_operation&window=6h", links[0]);
        Assert.Equal("/operations?source=perfportal&window=6h", links[^1]);
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

    private static TypeRow Row(MetricType? type) => new(type, SampleAnalysis.Some(15, 3), SampleAnalysis.Some(10, 4), [1, 2], 2);
}
