using Bunit;
using PerfPortal.Server.Components.Charts;
using PerfPortal.Server.Components.Layout;
using Xunit;

namespace PerfPortal.Tests.Components.Charts;

public sealed class TimeChartTests
{
    private static readonly DateTimeOffset[] Times = [PortalContext.Noon, PortalContext.Noon.AddMinutes(1), PortalContext.Noon.AddMinutes(2)];

    private static ChartData Data(params double?[] values) => new(Times[0], Times[2], Times, [new ChartSeries("usage", values)]);

    [Fact]
    public void The_payload_holds_gaps_as_null_and_fills_up_what_is_short()
    {
        var payload = ChartPayload.Of(Data(1.23456789, double.NaN));
        Assert.Equal([1.23457, null, null], payload.Values[0]);
        Assert.Null(payload.Low[0]);
        Assert.Equal(PortalContext.Noon.ToUnixTimeMilliseconds(), payload.Times[0]);
    }

    [Fact]
    public void New_data_of_the_same_shape_is_an_update_and_the_same_data_is_nothing()
    {
        using var context = new PortalContext();
        var (module, chart) = Browser(context);
        var data = Data(1, 2, 3);
        var component = context.Render<TimeChart>(p => p.Add(c => c.Title, "CPU").Add(c => c.Data, data));
        component.Render(p => p.Add(c => c.Data, data));
        Assert.Single(chart.Invocations["configure"]);
        Assert.Empty(chart.Invocations["update"]);
        component.Render(p => p.Add(c => c.Data, Data(2, 3, 4)));
        Assert.Single(chart.Invocations["update"]);
        component.Render(p => p.Add(c => c.Thresholds, [new ChartThreshold(85, "warning 85 %")]));
        Assert.Equal(2, chart.Invocations["configure"].Count);
        Assert.Single(module.Invocations["create"]);
    }

    [Fact]
    public void Without_data_the_cause_is_said_and_no_library_is_fetched()
    {
        using var context = new PortalContext();
        var component = context.Render<TimeChart>(p => p.Add(c => c.Title, "GPU").Add(c => c.Data, Data(null, null, null)).Add(c => c.EmptyText, "No GPU on this host."));
        Assert.Equal("No GPU on this host.", component.Find(".chart-empty").TextContent);
        Assert.Empty(context.JSInterop.Invocations["import"]);
    }

    [Fact]
    public void The_table_twin_holds_the_same_points_newest_first()
    {
        using var context = new PortalContext();
        Browser(context);
        var component = context.Render<TimeChart>(p => p.Add(c => c.Title, "CPU").Add(c => c.Unit, "%").Add(c => c.Data, Data(1, null, 3)));
        component.Find("button[title=Table]").Click();
        Assert.Equal(["3 %", "–", "1 %"], component.FindAll(".chart-table td").Select(c => c.TextContent));
        Assert.True(component.Find(".chart-canvas").HasAttribute("hidden"));
    }

    [Fact]
    public void The_chart_is_said_in_words()
    {
        var text = ChartSummary.Text("CPU", Data(1, null, 3), "%", new BrowserClock());
        Assert.Equal("CPU, 2026-03-04 12:00 to 2026-03-04 12:02. usage: last 3 %, lowest 1 %, highest 3 %, 1 of 3 points missing.", text);
    }

    [Fact]
    public async Task A_brush_asks_for_the_range()
    {
        using var context = new PortalContext();
        Browser(context);
        PageRange? asked = null;
        var component = context.Render<TimeChart>(p => p.Add(c => c.Title, "CPU").Add(c => c.Data, Data(1, 2, 3)).Add(c => c.OnZoom, (PageRange r) => asked = r));
        await component.InvokeAsync(() => component.Instance.Zoom(Times[0].ToUnixTimeMilliseconds(), Times[1].ToUnixTimeMilliseconds()));
        Assert.Equal(new PageRange(Times[0], Times[1]), asked);
    }

    private static (BunitJSModuleInterop Module, BunitJSModuleInterop Chart) Browser(PortalContext context)
    {
        var module = context.JSInterop.SetupModule("./js/charts.js");
        module.Mode = JSRuntimeMode.Loose;
        var chart = module.SetupModule(i => i.Identifier == "create");
        chart.Mode = JSRuntimeMode.Loose;
        return (module, chart);
    }
}
