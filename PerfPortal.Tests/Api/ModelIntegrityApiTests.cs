using Xunit;

namespace PerfPortal.Tests.Api;

/// <summary>The integrity of models over time.</summary>
public sealed class ModelIntegrityApiTests : ModelsApiBench
{
    [Fact]
    public async Task The_integrity_of_models_over_time_is_answered_of_one_and_of_all()
    {
        Assert.Empty((await Client.GetAsync("models/integrity")).Expect(200)["items"].EnumerateArray());
        var reports = Enumerable.Range(0, 12).Select(i => SampleReports.Ended(
            i % 2 == 0 ? "old" : "other", ("metric_type", "health_check"), ("source", PerfPortal.Server.Views.HostSource.Name),
            ("start_time", SampleReports.Text(SampleReports.Now.AddHours(-12 * (i + 1)))), ("duration_seconds", 3),
            ("metadata", new Dictionary<string, object> { ["integrity_score"] = i >= 6 ? 0.5 : 1, ["corruption_detected"] = false }))).ToArray();
        Assert.Equal(12, (await Client.PostAsync("operations/batch", reports)).Expect(200)["accepted"].GetInt32());
        var answer = (await Client.GetAsync("models/integrity?name=old")).Expect(200);
        var items = answer["items"].EnumerateArray().ToList();
        Assert.Equal(6, items.Sum(item => item.GetProperty("checks").GetInt32()));
        Assert.Equal((0.5, 1.0), (items[0].GetProperty("lowest").GetDouble(), items[^1].GetProperty("mean").GetDouble()));
        Assert.Equal(86_400, answer["step_seconds"].GetDouble());
        Assert.Equal(12, (await Client.GetAsync("models/integrity?from=now-120d")).Expect(200)["items"].EnumerateArray().Sum(item => item.GetProperty("checks").GetInt32()));
        Assert.Empty((await Client.GetAsync("models/integrity?name=old&window=6h")).Expect(200)["items"].EnumerateArray());
        Assert.Equal("/from", Assert.Single((await Client.GetAsync("models/integrity?from=never")).ExpectProblem(400)["errors"].EnumerateArray()).GetProperty("pointer").GetString());
    }
}
