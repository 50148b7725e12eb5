using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using PerfPortal.Tests.Api;
using Xunit;

namespace PerfPortal.Tests.Pages.Operations;

/// <summary>The prerendered pages of operations, in each of their states.</summary>
public sealed class OperationPagesTests
{
    private const string Api = "/api/v1/performance/operations";

    [Fact]
    public async Task Without_operations_the_page_says_why_it_is_empty_and_offers_a_wider_range()
    {
        await using var portal = await PortalFactory.StartAsync();
        var page = await GetAsync(portal, "/operations?window=1h");
        Assert.Equal("No operations found.", page.QuerySelector(".state-what")!.TextContent);
        Assert.Contains("Widen the range", page.QuerySelector(".state-next")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("Clear filters", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_table_shows_tinted_failures_bars_relative_to_the_longest_and_a_total()
    {
        await using var portal = await PortalFactory.StartAsync();
        await EndAsync(portal, "short", success: true);
        await EndAsync(portal, new string('p', 80) + "-q8", success: false);
        var page = await GetAsync(portal, "/operations?window=1h");
        var rows = page.QuerySelectorAll("tbody tr.mud-table-row");
        Assert.Equal(2, rows.Length);
        Assert.Single(rows, row => row.ClassList.Contains("row-failed"));
        Assert.Contains("…", rows.Single(row => row.ClassList.Contains("row-failed")).TextContent, StringComparison.Ordinal);
        Assert.Single(page.QuerySelectorAll($"span[title='{new string('p', 80)}-q8']"));
        Assert.Contains("--share:100%", page.QuerySelectorAll(".length").Select(bar => bar.GetAttribute("style")!));
        Assert.Matches(@"^2 operations, 1 failed, P95 .+ · 1–2 of 2$", page.QuerySelector(".pager [role=status]")!.TextContent);
    }

    [Fact]
    public async Task A_filter_that_matches_nothing_can_be_cleared_and_a_wrong_one_is_named()
    {
        await using var portal = await PortalFactory.StartAsync();
        await EndAsync(portal, "fetch", success: true);
        var page = await GetAsync(portal, "/operations?window=1h&q=nothing&min_duration_seconds=soon");
        Assert.Contains("Clear filters", page.QuerySelector(".state-next")!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith("The filter Minimum duration in the URL was ignored:", page.QuerySelector(".mud-alert-message")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_thousand_names_do_not_make_the_page_large()
    {
        await using var portal = await PortalFactory.StartAsync();
        object[] ended = [.. Enumerable.Range(0, 1_000).Select(i => new { metric_type = "download_operation", operation_name = $"model-{i}", success = true, duration_seconds = 1.5 })];
        for (int batch = 0; batch < 2; batch++)
        {
            (await portal.Client.PostAsync(Api + "/batch", ended)).Expect(200);
        }

        using var response = await portal.Client.Http.GetAsync("/operations?window=1h", TestContext.Current.CancellationToken);
        Assert.InRange((await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length, 1, 300_000);
    }

    [Fact]
    public async Task An_operation_shows_its_tree_its_facts_and_the_way_back()
    {
        await using var portal = await PortalFactory.StartAsync();
        string parent = (await portal.Client.PostAsync(Api, new { metric_type = "download_operation", operation_name = "pull" })).Expect(201)["id"].GetString()!;
        string child = (await portal.Client.PostAsync(Api, new { metric_type = "download_operation", operation_name = "shard", parent_id = parent })).Expect(201)["id"].GetString()!;
        (await portal.Client.PostAsync($"{Api}/{child}/complete", new { success = true })).Expect(200);
        (await portal.Client.PostAsync($"{Api}/{parent}/complete", new { success = true })).Expect(200);
        var page = await GetAsync(portal, $"/operations/{child}?window=6h");
        Assert.Equal("shard", page.QuerySelector("h1")!.TextContent);
        Assert.Equal(["pull", "shard"], page.QuerySelectorAll("ol[aria-label='Operations of this trace'] .name").Select(name => name.TextContent));
        Assert.Equal("/operations?window=6h", page.QuerySelector("[aria-label=Breadcrumb] a")!.GetAttribute("href"));
        Assert.Contains("Copy link", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains($"/operations/{parent}?window=6h", page.QuerySelectorAll("dd a").Select(link => link.GetAttribute("href")));
        Assert.Null(page.QuerySelector("[aria-label='Operations that this one started']"));

        var above = await GetAsync(portal, $"/operations/{parent}?window=6h");
        var children = above.QuerySelector("[aria-label='Operations that this one started']")!;
        Assert.Equal($"/operations/{child}?window=6h", children.QuerySelector("tbody a")!.GetAttribute("href"));
        Assert.Contains("Succeeded", children.TextContent, StringComparison.Ordinal);
        Assert.Contains("1 operation", above.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parent_that_is_named_by_its_span_is_linked()
    {
        await using var portal = await PortalFactory.StartAsync();
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        const string Span = "b7ad6b7169203331";
        string parent = (await portal.Client.PostAsync(Api, new { metric_type = "model_operation", operation_name = "serve", trace_id = Trace, span_id = Span })).Expect(201)["id"].GetString()!;
        string child = (await portal.Client.PostAsync(Api, new { metric_type = "download_operation", operation_name = "shard", trace_id = Trace, parent_id = Span })).Expect(201)["id"].GetString()!;
        var page = await GetAsync(portal, $"/operations/{child}");
        Assert.Equal("serve", page.QuerySelectorAll("dd a").Single(link => link.GetAttribute("href")!.StartsWith($"/operations/{parent}", StringComparison.Ordinal)).TextContent);
    }

    private static async Task<IDocument> GetAsync(PortalFactory portal, string path)
    {
        using var response = await portal.Client.Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task EndAsync(PortalFactory portal, string name, bool success)
    {
        string id = (await portal.Client.PostAsync(Api, new { metric_type = "download_operation", operation_name = name })).Expect(201)["id"].GetString()!;
        (await portal.Client.PostAsync($"{Api}/{id}/complete", new { success, error_type = success ? null : "Broken" })).Expect(200);
    }
}
