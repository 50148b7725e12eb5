using Bunit;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Charts;
using PerfPortal.Server.Pages.Alerts;
using PerfPortal.Server.Security;
using Xunit;

namespace PerfPortal.Tests.Pages.Alerts;

public sealed class AlertPageTests
{
    [Fact]
    public async Task An_unknown_alert_says_so_and_leads_to_the_history()
    {
        await using var portal = await AlertingPortal.StartAsync(cpu: 20);
        using var browser = portal.Browse("/alerts/none?window=1h", Scope.Read);
        var page = browser.Context.Render<AlertPage>(p => p.Add(one => one.Id, "none"));
        page.WaitForText("No alert has this id.");
        Assert.Contains("tab=history", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alert_shows_its_threshold_on_the_hour_before_what_was_running_why_and_what_happened_to_it()
    {
        var now = TimeProvider.System.GetUtcNow();
        var operation = new OperationReference(Guid.NewGuid(), MetricType.DownloadOperation, "fetch-llama", "gpu-1", OperationStatus.Running, now, null, null);
        await using var portal = await AlertingPortal.StartAsync(explanation: new()
        {
            Sentence = "It is high.",
            Points = [new(now.AddMinutes(-2), 40), new(now.AddMinutes(-1), null), new(now, 96.5)],
            Running = [new(operation, 0.75)],
            Causes = [new("marker", "driver 2 was deployed.", now.AddMinutes(-3), 0.9)],
            LastTime = "It fired for 4 min yesterday.",
            LastAlertId = "before",
        });
        var alert = await portal.AlertAsync();
        using var browser = portal.Browse($"/alerts/{alert.Id}?window=1h", Scope.Read, Scope.Report);
        var page = browser.Context.Render<AlertPage>(p => p.Add(one => one.Id, alert.Id));
        page.WaitForText("CPU of gpu-1 is 96.5 %, above 80 %");
        Assert.Contains("https://runbook.example/cpu", page.Find(".mud-alert a").GetAttribute("href"), StringComparison.Ordinal);
        var chart = page.FindComponent<TimeChart>().Instance;
        Assert.Equal((80.0, "above 80 %"), (chart.Thresholds[0].Value, chart.Thresholds[0].Label));
        Assert.Equal([40, null, 96.5], chart.Data.Series[0].Values);
        Assert.Equal("75 %", page.FindAll("td").First(cell => cell.TextContent.Contains('%', StringComparison.Ordinal) && cell.ClassList.Contains("right")).TextContent);
        Assert.Contains("driver 2 was deployed.", page.Markup, StringComparison.Ordinal);
        Assert.Contains(page.FindAll("a"), link => link.TextContent == "View that alert" && link.GetAttribute("href")!.Contains("/alerts/before", StringComparison.Ordinal));
        Assert.Contains("Condition met.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("No receiver was told.", page.Markup, StringComparison.Ordinal);
        Assert.Contains("Acknowledge", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void The_chart_of_an_alert_has_its_threshold_in_the_unit_of_the_axis_and_shows_gaps()
    {
        var now = PortalContext.Noon;
        var alert = SampleAlerts.Firing(now) with
        {
            Signal = new(Domain.Alerts.Rules.AlertSignalKind.FailureRate),
            Threshold = 0.05,
            Explanation = new() { Sentence = "x", Points = [new(now.AddMinutes(-2), 0.01), new(now.AddMinutes(-1), null), new(now, 0.2)] },
        };
        var chart = AlertChart.Of(alert);
        Assert.Equal(("%", 5.0), (chart.Unit, chart.Thresholds[0].Value));
        Assert.Equal([1, null, 20], chart.Data.Series[0].Values);
        Assert.Equal(now.AddMinutes(-1), Assert.Single(chart.Marks).From);
        Assert.True(AlertChart.Of(alert with { Explanation = null }).Data.IsEmpty);
    }

    [Fact]
    public void The_chart_of_a_finding_has_the_unit_of_its_size_and_no_threshold_that_means_any()
    {
        var now = PortalContext.Noon;
        var alert = SampleAlerts.Firing(now) with
        {
            Signal = new(Domain.Alerts.Rules.AlertSignalKind.Finding) { FindingKind = Domain.Findings.FindingKind.Regression },
            Comparison = Domain.Alerts.Rules.AlertComparison.Above,
            Threshold = 0,
            Unit = "share",
            Explanation = new() { Sentence = "x", Points = [new(now.AddMinutes(-1), 0.25), new(now, 0.5)] },
        };
        var chart = AlertChart.Of(alert);
        Assert.Equal("%", chart.Unit);
        Assert.Equal([25, 50], chart.Data.Series[0].Values);
        Assert.Empty(chart.Thresholds);
        Assert.True(AlertChart.Of(alert with { Explanation = new() { Sentence = "x", Points = [new(now.AddMinutes(-1), null), new(now, 0.5)] } }).Data.IsEmpty);
    }
}
