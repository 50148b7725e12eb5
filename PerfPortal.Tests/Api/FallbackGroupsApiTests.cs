using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>Groups of alternatives of fallbacks.</summary>
public sealed class FallbackGroupsApiTests : ModelsApiBench
{
    [Fact]
    public async Task Fallback_groups_are_listed_with_what_was_lost_and_what_another_order_would_have_saved()
    {
        Assert.Empty((await Client.GetAsync("models/fallbacks")).Expect(200)["items"].EnumerateArray());
        var reports = Enumerable.Range(0, 40).Select(i => SampleReports.Ended(
            "chat", ("metric_type", "fallback_strategy"), ("start_time", SampleReports.Text(SampleReports.Now.AddMinutes(-200 + i))), ("duration_seconds", 3),
            ("metadata", new Dictionary<string, object> { ["attempts"] = i % 4 == 0 ? "small 1 ok" : "big 2 failed; small 1 ok", ["chosen"] = "small" }))).ToArray();
        Assert.Equal(40, (await Client.PostAsync("operations/batch", reports)).Expect(200)["accepted"].GetInt32());
        await Eventually.TrueAsync(async () => (await Client.GetAsync("models/fallbacks")).Expect(200)["items"].GetArrayLength() == 1, "it is known");
        var group = Assert.Single((await Client.GetAsync("models/fallbacks?source=test")).Expect(200)["items"].EnumerateArray());
        Assert.Equal(
            ("chat", "test", 40, 1.0, 60.0),
            (group.GetProperty("group").GetString(), group.GetProperty("source").GetString(), group.GetProperty("fallbacks").GetInt32(), group.GetProperty("success_rate").GetDouble(),
                Math.Round(group.GetProperty("lost_seconds_per_day").GetDouble(), 6)));
        Assert.Equal(["small", "big"], group.GetProperty("alternatives").EnumerateArray().Select(one => one.GetProperty("name").GetString()));
        var better = group.GetProperty("counterfactual");
        Assert.Equal("small", better.GetProperty("alternative").GetString());
        Assert.True(better.GetProperty("saved_seconds_per_day").GetDouble() > 0);
        Assert.Empty((await Client.GetAsync("models/fallbacks?source=other")).Expect(200)["items"].EnumerateArray());
        var problem = (await Client.GetAsync("models/fallbacks?source=a&source=b")).ExpectProblem(400);
        Assert.Equal("/source", Assert.Single(problem["errors"].EnumerateArray()).GetProperty("pointer").GetString());
    }
}
