using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Analysis.Insight;
using PerfPortal.Domain.Findings;
using PerfPortal.Tests.Views;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class FindingsApiTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Findings_are_listed_by_kind_state_subject_and_range()
    {
        await using var portal = await PortalFactory.StartAsync();
        await MergeAsync(portal, Seen(FindingKind.Regression, "slower"), Seen(FindingKind.Anomaly, "odd", "gpu-1"), Seen(FindingKind.Forecast, "full soon", "gpu-1") with { Until = Now.AddHours(-30) });
        Assert.Equal(["slower", "odd"], await SentencesAsync(portal, "findings"));
        Assert.Equal(["slower"], await SentencesAsync(portal, "regressions"));
        Assert.Equal(["odd"], await SentencesAsync(portal, "anomalies"));
        Assert.Empty(await SentencesAsync(portal, "forecasts"));
        Assert.Equal(["full soon"], await SentencesAsync(portal, "forecasts?window=48h&state=closed"));
        Assert.Empty(await SentencesAsync(portal, "failures"));
        Assert.Equal(["odd"], await SentencesAsync(portal, "findings?kind=anomaly"));
        Assert.Equal(["odd"], await SentencesAsync(portal, "findings?source=gpu-1"));
        Assert.Equal(["slower"], await SentencesAsync(portal, "findings?name=generate&kind=regression"));
        Assert.Empty(await SentencesAsync(portal, "findings?name=other"));
    }

    [Fact]
    public async Task A_finding_over_all_sources_is_listed_for_a_source_that_runs_such_operations()
    {
        await using var portal = await PortalFactory.StartAsync();
        await MergeAsync(portal, Seen(FindingKind.Regression, "slower"));
        object Run(string name, string source) =>
            new { metric_type = "model_operation", operation_name = name, source, start_time = Now.AddMinutes(-5), duration_seconds = 1, success = true };
        (await portal.Client.PostAsync("operations/batch", new[] { Run("generate", "runs-it"), Run("other", "runs-it-not") })).Expect(200);
        Assert.Equal(["slower"], await SentencesAsync(portal, "findings?source=runs-it"));
        Assert.Empty(await SentencesAsync(portal, "findings?source=runs-it-not"));
    }

    [Fact]
    public async Task One_finding_has_its_whole_story_and_an_unknown_one_is_a_problem()
    {
        await using var portal = await PortalFactory.StartAsync();
        await MergeAsync(portal, Seen(FindingKind.Regression, "slower"));
        string id = (await portal.Client.GetAsync("findings")).Expect(200)["items"][0].GetProperty("id").GetString()!;
        var finding = (await portal.Client.GetAsync($"findings/{id}")).Expect(200);
        Assert.Equal("regression", finding["kind"].GetString());
        Assert.Equal("open", finding["state"].GetString());
        Assert.Equal("generate", finding["subject"].GetProperty("name").GetString());
        Assert.Equal("model_operation", finding["subject"].GetProperty("metric_type").GetString());
        Assert.Equal("metadata", finding["causes"][0].GetProperty("kind").GetString());
        Assert.Equal(0.9, finding["causes"][0].GetProperty("weight").GetDouble());
        (await portal.Client.GetAsync("findings/none")).Expect(404);
        (await portal.Client.GetAsync("findings?state=new")).Expect(400);
    }

    [Fact]
    public async Task The_dashboard_says_what_matters_first()
    {
        await using var portal = await PortalFactory.StartAsync();
        await MergeAsync(portal, Seen(FindingKind.Regression, "slower"));
        var dashboard = (await portal.Client.GetAsync("dashboard")).Expect(200);
        Assert.Equal("slower", dashboard["verdict"].GetProperty("sentence").GetString());
        Assert.Equal("critical", dashboard["verdict"].GetProperty("state").GetString());
        Assert.Equal("slower", dashboard["findings"][0].GetString());
    }

    private static FindingObservation Seen(FindingKind kind, string sentence, string? source = null) =>
        SampleFindings.Of(kind, sentence, source: source).Latest with { Since = Now.AddHours(-40), SinceLow = Now.AddHours(-41), SinceHigh = Now.AddHours(-39), Impact = kind == FindingKind.Regression ? 100 : 10 };

    /// <summary>As kinds that no detector of the portal closes meanwhile.</summary>
    private static async Task MergeAsync(PortalFactory portal, params FindingObservation[] seen) =>
        await portal.Services.GetRequiredService<FindingLedger>().MergeAsync([.. seen.Select(one => one.Kind)], seen, Now, Cancel);

    private static async Task<string[]> SentencesAsync(PortalFactory portal, string path) =>
        [.. (await portal.Client.GetAsync(path)).Expect(200)["items"].EnumerateArray().Select(item => item.GetProperty("sentence").GetString()!)];
}
