using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Server.Settings;
using PerfPortal.Server.Views.Findings;
using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>From a reported health check to the finding and its signal, in a running portal.</summary>
public sealed class DamagedModelsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_check_of_any_source_that_finds_damage_is_a_finding_for_which_a_built_in_rule_has_a_value_until_a_clean_check()
    {
        await using var portal = await PortalFactory.StartAsync();
        await CheckAsync(portal, "gpu-1", corrupt: true, score: 0.4, secondsAgo: 40);
        await CheckAsync(portal, "gpu-2", corrupt: false, score: 1, secondsAgo: 30);
        var found = Assert.Single(await FindAsync(portal));
        Assert.Equal(("damaged_model", "open", "critical"), (Text(found, "kind"), Text(found, "state"), Text(found, "severity")));
        Assert.Equal(("gpu-1", "llama", "integrity"), (Text(found.GetProperty("subject"), "source"), Text(found.GetProperty("subject"), "name"), Text(found.GetProperty("subject"), "measure")));

        var dashboard = (await portal.Client.GetAsync("dashboard")).Expect(200);
        Assert.Equal(Text(found, "sentence"), Text(dashboard["verdict"], "sentence"));
        var value = Assert.Single(await SignalAsync(portal));
        Assert.Equal((Text(found, "id"), 0.6, AlertSeverity.Critical), (value.Subject.FindingId, Math.Round(value.Value!.Value, 9), value.Problem!.Severity));

        await CheckAsync(portal, "gpu-1", corrupt: false, score: 1, secondsAgo: 10);
        Assert.Equal(("closed", Text(found, "id")), Assert.Single(await FindAsync(portal)) is var closed ? (Text(closed, "state"), Text(closed, "id")) : default);
        Assert.True(Assert.Single(await SignalAsync(portal)).IsOver);
    }

    [Fact]
    public async Task The_removal_of_a_source_removes_its_findings_and_not_those_of_others()
    {
        await using var portal = await PortalFactory.StartAsync();
        await CheckAsync(portal, "gpu-1", corrupt: true, score: 0.4, secondsAgo: 40);
        await CheckAsync(portal, "gpu-2", corrupt: true, score: 0.4, secondsAgo: 30);
        Assert.Equal(2, (await FindAsync(portal)).Count);
        (await portal.Client.SendAsync(HttpMethod.Delete, "sources/gpu-1", null)).Expect(200);
        Assert.Equal("gpu-2", Text(Assert.Single(await FindAsync(portal)).GetProperty("subject"), "source"));
    }

    private static async Task CheckAsync(PortalFactory portal, string source, bool corrupt, double score, int secondsAgo)
    {
        var report = SampleReports.Ended(
            "llama", ("metric_type", "health_check"), ("source", source), ("start_time", SampleReports.Text(SampleReports.Now.AddSeconds(-secondsAgo))), ("duration_seconds", 1.0),
            ("metadata", new { corruption_detected = corrupt, integrity_score = score, files_missing = 0 }));
        Assert.Equal(1, (await portal.Client.PostAsync("operations/batch", new[] { report })).Expect(200)["accepted"].GetInt32());
    }

    private static async Task<IReadOnlyList<JsonElement>> FindAsync(PortalFactory portal)
    {
        await portal.Services.GetRequiredService<InsightService>().RunAsync(Cancel);
        return [.. (await portal.Client.GetAsync("findings?kind=damaged_model")).Expect(200)["items"].EnumerateArray()];
    }

    private static async Task<IReadOnlyList<SubjectValue>> SignalAsync(PortalFactory portal)
    {
        var rule = BuiltInRules.Of(portal.Services.GetRequiredService<ThresholdSettings>().Current).Single(one => one.Id == "builtin-damaged-model");
        return (await portal.Services.GetRequiredService<SignalReader>().ReadAsync([rule], TimeProvider.System.GetUtcNow(), Cancel))[0].Values;
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).GetString()!;
}
