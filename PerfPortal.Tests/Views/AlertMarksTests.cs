using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Alerts;
using PerfPortal.Tests.Pages;
using PerfPortal.Tests.Pages.Alerts;
using Xunit;

namespace PerfPortal.Tests.Views;

public sealed class AlertMarksTests
{
    [Fact]
    public void An_alert_marks_the_chart_of_its_metric_on_its_host_and_keeps_other_marks()
    {
        var now = PortalContext.Noon;
        var other = new ChartMark(now, null, "since", "warning");
        ChartModel[] charts = [Chart("cpu") with { Marks = [other] }, Chart("memory")];
        var marked = AlertMarks.OnHost(charts, "gpu-1", [SampleAlerts.Firing(now), SampleAlerts.Firing(now, "gpu-2")]);
        Assert.Equal([other, new ChartMark(now.AddMinutes(-1), null, "alert", "warning")], marked[0].Marks);
        Assert.Empty(marked[1].Marks);
        Assert.Equal("neutral", Assert.Single(AlertMarks.Of([SampleAlerts.Resolved(SampleAlerts.Firing(now), now)])).State);
    }

    private static ChartModel Chart(string key) => new(key, key, "%", new(default, default, [], []), [], 100, "");
}
