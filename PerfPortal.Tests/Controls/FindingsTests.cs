using Bunit;
using Microsoft.AspNetCore.WebUtilities;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Controls.Findings;
using PerfPortal.Server.Views.Findings;
using PerfPortal.Tests.Pages;
using PerfPortal.Tests.Views.Dashboard;
using Xunit;

namespace PerfPortal.Tests.Controls;

public sealed class FindingsTests
{
    private static readonly TimeRange Stretch = new(PortalContext.Noon.AddHours(-2), PortalContext.Noon.AddHours(-1));

    private static readonly OperationReference Failed = new(
        Guid.Empty, MetricType.DownloadOperation, "fetch", "node", OperationStatus.Failed, PortalContext.Noon, 125, "ConnectionReset");

    [Fact]
    public void The_evidence_of_a_bottleneck_has_its_numbers_operations_and_stretches()
    {
        using var context = new PortalContext();
        var item = SampleAnalysis.Failing() with
        {
            Evidence = new()
            {
                SampleCount = 1234,
                BeyondLimit = 111,
                Share = 0.09,
                Numbers = [new("p95_duration", 72.6, "s")],
                WorstOperations = [Failed],
                Stretches = [Stretch],
            },
        };
        var view = context.Render<BottleneckEvidenceView>(p => p.Add(v => v.Item, item).Add(v => v.Now, PortalContext.Noon).Add(v => v.Href, path => path + "#kept"));
        string text = view.Find(".numbers").TextContent;
        Assert.Contains("1,234", text, StringComparison.Ordinal);
        Assert.Contains("111 (9 %)", text, StringComparison.Ordinal);
        Assert.Contains("P95 latency1 m 13 s", text, StringComparison.Ordinal);
        var reference = view.Find("[aria-label='Worst operations'] li");
        Assert.Equal($"/operations/{Guid.Empty}#kept", reference.QuerySelector("a")!.GetAttribute("href"));
        Assert.Contains("2 m 05 s", reference.TextContent, StringComparison.Ordinal);
        Assert.Contains("ConnectionReset", reference.TextContent, StringComparison.Ordinal);
        Assert.Contains("1 h 00 m", view.Find("[aria-label='Periods over threshold'] li").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_evidence_of_a_recommendation_has_its_gain_and_condition()
    {
        using var context = new PortalContext();
        var item = new Recommendation
        {
            Id = "retries-1",
            Kind = "retries",
            Title = "Fix retries",
            Sentence = "Downloads are retried.",
            Action = "Fix them.",
            Condition = "More than 1 retry on average.",
            Evidence = [new("mean_retries", 2, "")],
            Gain = new("Up to 5 m 00 s a day.", 300, "s per day", "time × r/(r + 1)"),
            Source = "node",
        };
        var view = context.Render<RecommendationEvidenceView>(p => p.Add(v => v.Item, item));
        Assert.Equal(
            ["Expected gain", "Calculation", "Condition", "Applies to"], view.FindAll(".facts th").Select(term => term.TextContent));
        Assert.Equal(
            ["Up to 5 m 00 s a day.", "time × r/(r + 1) = 300 s per day", "More than 1 retry on average.", "node"],
            view.FindAll(".facts td").Select(description => description.TextContent.Trim()));
    }

    [Fact]
    public void A_stretch_leads_to_the_resources_around_it()
    {
        string path = FindingLinks.StretchPath(SampleAnalysis.Failing() with { Source = "node 1" }, Stretch);
        var query = QueryHelpers.ParseQuery(path[path.IndexOf('?', StringComparison.Ordinal)..]);
        Assert.StartsWith("/resources?", path, StringComparison.Ordinal);
        Assert.Equal("node 1", query["source"].ToString());
        Assert.True(TimeRangeParser.TryParse(new(query["from"], query["to"], null, null), PortalContext.Noon, TimeSpan.FromHours(1), out var range, out _));
        Assert.Equal(new(Stretch.From.AddMinutes(-6), Stretch.To.AddMinutes(6)), range);
    }
}
