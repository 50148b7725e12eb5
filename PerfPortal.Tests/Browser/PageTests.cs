using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using PerfPortal.Domain.Text;
using Xunit;

namespace PerfPortal.Tests.Browser;

/// <summary>Whole pages in a real browser.</summary>
public sealed class PageTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Operations = "/api/v1/performance/operations";

    public static TheoryData<string, string> Pages => new()
    {
        { "/?window=24h", "Dashboard" }, { "/live", "Live operations" }, { "/operations?window=24h", "Operations" }, { "/resources?window=1h", "Resources" },
        { "/insights", "Insights" }, { "/benchmarks?window=24h", "Benchmarks" }, { "/compare?window=24h", "Compare" }, { "/report?window=24h", "Performance report" },
        { "/models", "Models" }, { "/models?tab=downloads", "Models" }, { "/models?tab=fallbacks", "Models" },
        { "/admin/thresholds", "Thresholds" }, { "/admin/storage", "Storage" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_opens_without_errors_fits_a_phone_and_gives_axe_nothing_serious(string path, string heading)
    {
        foreach (var (width, scheme) in new[] { (1440, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            var page = await browser.OpenAsync(width, scheme);
            var errors = new List<string>();
            page.Console += (_, message) =>
            {
                if (message.Type == "error")
                {
                    errors.Add(message.Text);
                }
            };
            page.PageError += (_, error) => errors.Add(error);
            await page.GotoAsync(new Uri(browser.Address, path).ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
            await Assertions.Expect(page.Locator("h1")).ToContainTextAsync(heading, new() { Timeout = 60_000 });
            int size = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            Assert.True(size <= width, $"{path} is {size} px wide in a window of {width} px.");
            var serious = (await page.RunAxe()).Violations.Where(found => found.Impact is "serious" or "critical")
                .Select(found => $"{found.Id}: {string.Join(" | ", found.Nodes.Take(3).Select(node => node.Html))}");
            Assert.Empty(serious);
            Assert.Empty(errors);
            await page.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task Charts_format_values_as_the_server_does()
    {
        double[] values =
        [
            0, 0.00001234, 0.00034, 0.0009996, 0.0123, 0.34, 0.9996, 1.001, 2.345, 9.996, 12.34, 59.96, 61, 99.96, 125, 1023.6, 1048575, 1234567, 3599.6, 11040, 86399, 183600,
            1503238554, 5e15, -0.0, -0.01, -2.6, -125,
        ];
        string?[] units = [null, "%", "s", "bytes", "bytes/s", "/s", "°C"];
        var page = await browser.OpenAsync(1440, ColorScheme.Light);
        await page.GotoAsync(new Uri(browser.Address, "/live").ToString());
        foreach (string? unit in units)
        {
            string[] texts = await page.EvaluateAsync<string[]>(
                "async ([values, unit]) => { const charts = await import('/js/charts.js'); return values.map(value => charts.format(value, unit)); }", new object?[] { values, unit });
            Assert.Equal(values.Select(value => Format.Value(value, unit)), texts);
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_value_axis_never_repeats_a_label_and_counts_in_whole_numbers()
    {
        string?[] units = [null, "%", "s", "bytes", "bytes/s", "/s", "°C"];
        var page = await browser.OpenAsync(1440, ColorScheme.Light);
        await page.GotoAsync(new Uri(browser.Address, "/live").ToString());
        Task<string[]> LabelsAsync(double top, string? unit) => page.EvaluateAsync<string[]>(
            """
            async ([top, unit]) => {
              const charts = await import('/js/charts.js');
              const axis = charts.valueAxis({ unit, min: 0, max: null, series: [{}] }, { values: [[0, top, null]], low: [null], high: [null] });
              return Array.from({ length: Math.round((axis.max - axis.min) / axis.interval) + 1 }, (_, i) => axis.axisLabel.formatter(axis.min + i * axis.interval));
            }
            """,
            new object?[] { top, unit });
        foreach (string? unit in units)
        {
            for (double top = 0.0007; top < 1e13; top *= 3.7)
            {
                string[] labels = await LabelsAsync(top, unit);
                Assert.InRange(labels.Length, 2, 7);
                Assert.True(labels.Distinct().Count() == labels.Length, $"{top} in {unit}: {string.Join(", ", labels)}");
            }
        }

        Assert.Equal(["0 B/s", "1 B/s"], await LabelsAsync(0, "bytes/s"));
        Assert.Equal(["0", "1", "2", "3"], await LabelsAsync(3, null));
        Assert.Equal(["0 s", "1 m 00 s", "2 m 00 s", "3 m 00 s", "4 m 00 s"], await LabelsAsync(200, "s"));
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task An_operation_appears_on_the_open_live_page_moves_and_leaves()
    {
        var page = await browser.OpenAsync(1440, ColorScheme.Light);
        await page.GotoAsync(new Uri(browser.Address, "/live?window=1h").ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
        string name = "watched-" + Guid.NewGuid().ToString("N");
        var started = await browser.Portal.Client.PostAsync(
            Operations, new { metric_type = "download_operation", operation_name = name, progress = new { done = 0, total = 100, unit = "files" } });
        string? id = started.Expect(201)["id"].GetString();
        var row = page.Locator("tr", new() { HasText = name }).First;
        await Assertions.Expect(row).ToBeVisibleAsync(new() { Timeout = 30_000 });

        (await browser.Portal.Client.PatchAsync($"{Operations}/{id}", new { progress = new { done = 40, total = 100, unit = "files" } })).Expect(200);
        await Assertions.Expect(row).ToContainTextAsync("40", new() { Timeout = 30_000 });

        (await browser.Portal.Client.PostAsync($"{Operations}/{id}/complete", new { success = true })).Expect(200);
        await Assertions.Expect(page.Locator("tr", new() { HasText = name }).Filter(new() { HasText = "Succeeded" }).First).ToBeVisibleAsync(new() { Timeout = 30_000 });
    }

    [Fact]
    public async Task A_chart_that_is_scrolled_away_is_drawn_with_all_that_came_meanwhile_when_it_is_seen_again()
    {
        var page = await browser.OpenAsync(1440, ColorScheme.Light);
        await EndOperationAsync();
        await page.SetViewportSizeAsync(1440, 500);
        await page.GotoAsync(new Uri(browser.Address, "/?window=15m").ToString(), new() { WaitUntil = WaitUntilState.NetworkIdle });
        var chart = page.Locator("figure[aria-label^='Operations completed']");
        await Assertions.Expect(chart.Locator("canvas")).ToHaveCountAsync(1, new() { Timeout = 60_000 });
        await Assertions.Expect(chart.Locator(".chart-skeleton")).ToHaveCountAsync(0, new() { Timeout = 30_000 });
        Task<int> DrawnAsync() => chart.Locator(".chart-canvas").EvaluateAsync<int>(
            "e => echarts.getInstanceByDom(e).getOption().series.filter(s => s?.id === 's0').flatMap(s => [...s.data].filter((_, i) => i % 2)).reduce((a, b) => a + b, 0)");
        int before = await DrawnAsync();
        string said = await chart.Locator("p.visually-hidden").TextContentAsync() ?? "";

        await EndOperationAsync();
        await EndOperationAsync();
        await Assertions.Expect(chart.Locator("p.visually-hidden")).Not.ToHaveTextAsync(said, new() { Timeout = 30_000 });
        Assert.Equal(before, await DrawnAsync());

        await chart.ScrollIntoViewIfNeededAsync();
        for (int tries = 0; await DrawnAsync() != before + 2 && tries < 100; tries++)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        Assert.Equal(before + 2, await DrawnAsync());
        await page.Context.CloseAsync();
    }

    private async Task EndOperationAsync()
    {
        var started = await browser.Portal.Client.PostAsync(Operations, new { metric_type = "download_operation", operation_name = "ended" });
        (await browser.Portal.Client.PostAsync($"{Operations}/{started.Expect(201)["id"].GetString()}/complete", new { success = true })).Expect(200);
    }
}
