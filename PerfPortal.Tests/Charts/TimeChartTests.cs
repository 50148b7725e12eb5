using System.Diagnostics.CodeAnalysis;
using Bunit;
using FsCheck.Xunit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.JSInterop;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Charts;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Views;
using PerfPortal.Tests.Pages;
using Xunit;

namespace PerfPortal.Tests.Charts;

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
    public void Only_the_points_that_changed_or_are_new_go_to_the_browser()
    {
        var sent = Data(1, 2, 3);
        var moved = new ChartData(Times[1], Times[2].AddMinutes(1), [Times[1], Times[2], Times[2].AddMinutes(1)], [new ChartSeries("usage", [2, 4, 5])]);
        var change = ChartPayload.Since(sent, moved);
        Assert.Equal((1, 1), (change.Drop, change.Keep));
        Assert.Equal([Times[2].ToUnixTimeMilliseconds(), Times[2].AddMinutes(1).ToUnixTimeMilliseconds()], change.Times);
        Assert.Equal([4, 5], change.Values[0]);
        Assert.False(change.KeepsAll(sent));
    }

    [Fact]
    public void A_change_beyond_the_sixth_digit_is_none() => Assert.True(ChartPayload.Since(Data(1, 2, 3), Data(1, 2, 3.0000001)).KeepsAll(Data(1, 2, 3)));

    [Fact]
    public void A_change_of_a_band_alone_is_one()
    {
        static ChartData Band(double high) => new(Times[0], Times[2], Times, [new ChartSeries("usage", [1, 1, 1], Low: [0, 0, 0], High: [2, high, 2])]);
        var change = ChartPayload.Since(Band(2), Band(3));
        Assert.Equal(1, change.Keep);
        Assert.Equal([3, 2], change.High[0]!);
    }

    [Fact]
    public void Marks_are_told_in_words_and_those_of_findings_lead_to_them()
    {
        using var context = new PortalContext();
        var component = context.Render<TimeChart>(p => p.Add(c => c.Title, "CPU").Add(c => c.Data, Data(1, 2, 3)).Add(c => c.Marks,
        [
            new(Times[1], null, "anomaly", "critical", "/insights?finding=a1"), new(Times[1], null, "deploy 1.4.2", ChartMark.Marker), new(Times[0].AddDays(-1), null, "regression", "warning", "/insights?finding=b2"),
        ]));
        var link = Assert.Single(component.FindAll(".chart-marks a"));
        Assert.Equal(("Anomaly", true), (link.TextContent, link.GetAttribute("href")!.EndsWith("/insights?finding=a1", StringComparison.Ordinal)));
        string words = component.Find("p.visually-hidden").TextContent;
        Assert.Contains("anomaly: ", words, StringComparison.Ordinal);
        Assert.Contains("Marker deploy 1.4.2: ", words, StringComparison.Ordinal);
        Assert.DoesNotContain("regression", words, StringComparison.Ordinal);
    }

    [Property(MaxTest = 500)]
    public void What_the_browser_makes_of_a_change_is_what_would_have_been_sent_whole(byte[] before, byte[] after, byte shift)
    {
        static ChartData Of(byte[] values, int first) => new(
            Times[0], Times[2], [.. values.Select((_, i) => Times[0].AddMinutes(first + i))], [new ChartSeries("usage", [.. values.Select(value => value % 5 == 0 ? (double?)null : value)])]);
        var (sent, data) = (Of(before, 0), Of(after, shift % 8));
        var (had, change, whole) = (ChartPayload.Of(sent), ChartPayload.Since(sent, data), ChartPayload.Of(data));
        Assert.Equal(whole.Times, had.Times.Skip(change.Drop).Take(change.Keep).Concat(change.Times));
        Assert.Equal(whole.Values[0], had.Values[0].Skip(change.Drop).Take(change.Keep).Concat(change.Values[0]));
    }

    [Fact]
    public void New_data_of_the_same_shape_is_an_update_and_the_same_data_is_nothing()
    {
        using var context = new PortalContext();
        var (module, chart) = Browser(context);
        var data = Data(1, 2, 3);
        var component = Show(context, data);
        component.Render(p => p.Add(c => c.Data, data));
        component.Render(p => p.Add(c => c.Data, Data(1, 2, 3)));
        component.Render(p => p.Add(c => c.Data, data with { To = data.To.AddMilliseconds(50) }));
        Assert.Single(chart.Invocations["configure"]);
        Assert.Empty(chart.Invocations["update"]);
        component.Render(p => p.Add(c => c.Data, Data(1, 2, 4)));
        Assert.Equal([4.0], ((ChartPayload)Assert.Single(chart.Invocations["update"]).Arguments[0]!).Values[0]);
        component.Render(p => p.Add(c => c.Thresholds, [new ChartThreshold(85, "warning 85 %")]));
        Assert.Equal(2, chart.Invocations["configure"].Count);
        Assert.Single(module.Invocations["create"]);
    }

    [Fact]
    public void While_the_script_is_on_its_way_no_second_chart_is_made()
    {
        var slow = new SlowScripts();
        using var context = new PortalContext(add: services => services.AddSingleton<IJSRuntime>(slow));
        var component = Show(context, Data(1, 2, 3));
        component.Render(p => p.Add(c => c.Data, Data(1, 2, 4)));
        Assert.Equal(["import"], slow.Calls);
    }

    [Fact]
    public void Small_moves_of_the_axis_add_up()
    {
        using var context = new PortalContext();
        var (_, chart) = Browser(context);
        var data = Data(1, 2, 3);
        var component = Show(context, data);
        component.Render(p => p.Add(c => c.Data, data with { To = data.To.AddMilliseconds(80) }));
        Assert.Empty(chart.Invocations["update"]);
        component.Render(p => p.Add(c => c.Data, data with { To = data.To.AddMilliseconds(160) }));
        Assert.Single(chart.Invocations["update"]);
    }

    [Fact]
    public void A_browser_that_missed_an_update_gets_everything()
    {
        using var context = new PortalContext();
        var (_, chart) = Browser(context, takesUpdates: false);
        var component = Show(context, Data(1, 2, 3));
        component.Render(p => p.Add(c => c.Data, Data(1, 2, 4)));
        Assert.Single(chart.Invocations["update"]);
        Assert.Equal([1.0, 2, 4], ((ChartPayload)chart.Invocations["configure"][1].Arguments[1]!).Values[0]);
        Assert.Equal([1, 2, 3], [chart.Invocations["configure"][0].Arguments[2], chart.Invocations["update"][0].Arguments[1], chart.Invocations["configure"][1].Arguments[2]]);
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
        Assert.Equal(["3 %", "–", "1 %"], component.FindAll(".chart-table td").Select(c => c.TextContent.Trim()));
        Assert.True(component.Find(".chart-canvas").HasAttribute("hidden"));
    }

    [Fact]
    public void The_chart_is_said_in_words()
    {
        string text = ChartSummary.Text("CPU", Data(1, null, 3), "%", new BrowserClock());
        Assert.Equal("CPU, 2026-03-04 12:00 to 2026-03-04 12:02. usage: last 3 %, lowest 1 %, highest 3 %, 1 of 3 points missing.", text);
    }

    [Fact]
    public async Task A_brush_asks_for_the_range()
    {
        using var context = new PortalContext();
        Browser(context);
        TimeRange? asked = null;
        var component = context.Render<TimeChart>(p => p.Add(c => c.Title, "CPU").Add(c => c.Data, Data(1, 2, 3)).Add(c => c.OnZoom, (TimeRange r) => asked = r));
        await component.InvokeAsync(() => component.Instance.Zoom(Times[0].ToUnixTimeMilliseconds(), Times[1].ToUnixTimeMilliseconds()));
        Assert.Equal(new TimeRange(Times[0], Times[1]), asked);
    }

    [Fact]
    public void A_legend_entry_is_a_button_that_hides_and_shows_its_series()
    {
        using var context = new PortalContext();
        var (_, chart) = Browser(context);
        var component = Show(context, Two());
        var received = component.FindAll(".chart-legend button")[0];
        Assert.Equal(("Received", "true"), (received.TextContent, received.GetAttribute("aria-pressed")));
        received.Click();
        Assert.Equal("false", component.FindAll(".chart-legend button")[0].GetAttribute("aria-pressed"));
        Assert.Equal([true, false], ((ChartShape)chart.Invocations["configure"][^1].Arguments[0]!).Series.Select(series => series.Hidden));
        component.FindAll(".chart-legend button")[0].Click();
        Assert.Equal([false, false], ((ChartShape)chart.Invocations["configure"][^1].Arguments[0]!).Series.Select(series => series.Hidden));
    }

    [Fact]
    public void A_chart_of_one_series_has_nothing_to_hide()
    {
        using var context = new PortalContext();
        Browser(context);
        Assert.Empty(Show(context, Data(1, 2, 3)).FindAll(".chart-legend button"));
    }

    [Fact]
    public void A_bar_opens_the_link_of_its_step_and_the_table_twin_has_the_same_link()
    {
        using var context = new PortalContext();
        Browser(context);
        var data = new ChartData(Times[0], Times[2].AddMinutes(1), Times, [new ChartSeries("Failed", [0, 2, 1], ChartKind.Bar)]);
        var component = context.Render<TimeChart>(p => p.Add(c => c.Title, "Outcomes").Add(c => c.Data, data)
            .Add(c => c.BarHref, (string series, TimeRange step) => $"/operations?s={series}&m={step.From.Minute}-{step.To.Minute}"));
        component.Instance.OpenBar(0, Times[2].ToUnixTimeMilliseconds());
        Assert.Equal("/operations?s=Failed&m=2-3", context.PathAndQuery);
        component.Instance.OpenBar(0, Times[1].ToUnixTimeMilliseconds() + 1);
        component.Instance.OpenBar(7, Times[1].ToUnixTimeMilliseconds());
        component.Instance.OpenBar(0, long.MaxValue);
        Assert.Equal("/operations?s=Failed&m=2-3", context.PathAndQuery);
        component.Find("button[title=Table]").Click();
        Assert.Equal(["/operations?s=Failed&m=2-3", "/operations?s=Failed&m=1-2"], component.FindAll(".chart-table a").Select(link => link.GetAttribute("href")));
    }

    private static ChartData Two() => new(Times[0], Times[2], Times, [new ChartSeries("Received", [1, 2, 3]), new ChartSeries("Sent", [3, 2, 1])]);

    private static IRenderedComponent<TimeChart> Show(PortalContext context, ChartData data) => context.Render<TimeChart>(p => p.Add(c => c.Title, "CPU").Add(c => c.Data, data));

    private static (BunitJSModuleInterop Module, BunitJSModuleInterop Chart) Browser(PortalContext context, bool takesUpdates = true)
    {
        var module = context.JSInterop.SetupModule("./js/charts.js");
        module.Mode = JSRuntimeMode.Loose;
        var chart = module.SetupModule(i => i.Identifier == "create");
        chart.Mode = JSRuntimeMode.Loose;
        chart.Setup<bool>("update", _ => true).SetResult(takesUpdates);
        return (module, chart);
    }

    /// <summary>A browser that answers nothing yet.</summary>
    private sealed class SlowScripts : IJSRuntime
    {
        public List<string> Calls { get; } = [];

        public ValueTask<TValue> InvokeAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties)] TValue>(
            string identifier, object?[]? args)
        {
            Calls.Add(identifier);
            return new(new TaskCompletionSource<TValue>().Task);
        }

        public ValueTask<TValue> InvokeAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicFields | DynamicallyAccessedMemberTypes.PublicProperties)] TValue>(
            string identifier, CancellationToken cancellationToken, object?[]? args) => InvokeAsync<TValue>(identifier, args);
    }
}
