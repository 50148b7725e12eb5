using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class ScoreApiTests
{
    [Fact]
    public async Task The_score_of_a_past_moment_is_the_same_whenever_it_is_asked_for()
    {
        await using var portal = await PortalFactory.StartAsync();
        var now = SampleReports.Now;
        Dictionary<string, object?> At(double hoursAgo, bool success) => SampleReports.Ended(
            "load", ("start_time", SampleReports.Text(now.AddHours(-hoursAgo).AddSeconds(-5))), ("success", success), ("error_type", success ? null : "Timeout"),
            ("error_message", success ? null : "timed out"));
        (await portal.Client.PostAsync("operations/batch", Enumerable.Range(0, 100).Select(i => At(30 + i * 0.1, i >= 20)).Concat(Enumerable.Range(0, 50).Select(i => At(1 + i * 0.1, true))))).Expect(200);

        string moment = $"score?at={SampleReports.Text(now.AddHours(-29))}";
        var then = (await portal.Client.GetAsync(moment)).Expect(200);
        var score = then["performance_score"];
        Assert.Equal(80, score.GetProperty("value").GetDouble());
        Assert.Equal(["success_rate", "high_failure_rate"], score.GetProperty("deductions").EnumerateArray().Select(item => item.GetProperty("kind").GetString()));
        Assert.Equal(
            (15.0, 95.0, "15 fewer failures among 100 model operations of load."),
            (then["gains"][0].GetProperty("points").GetDouble(), then["gains"][0].GetProperty("score_after").GetDouble(), then["gains"][0].GetProperty("remedy").GetString()));
        Assert.Equal(1, score.GetProperty("sufficiency").GetProperty("names_judged").GetInt32());
        Assert.Equal(100, (await portal.Client.GetAsync("score")).Expect(200)["performance_score"].GetProperty("value").GetDouble());

        // Thresholds that are changed later do not rewrite the past.
        string tag = (await portal.Client.GetAsync("settings/thresholds")).Headers.ETag!.ToString();
        (await portal.Client.SendAsync(HttpMethod.Put, "settings/thresholds", PortalClient.Json(new { slow_operation_seconds = 1, failure_rate = 0.5 }), ("If-Match", tag))).Expect(200);
        Assert.Equal(score.GetRawText(), (await portal.Client.GetAsync(moment)).Expect(200)["performance_score"].GetRawText());
        var present = (await portal.Client.GetAsync("score")).Expect(200);
        Assert.Equal(1, present["thresholds_version"].GetInt64());
        Assert.Equal(95, present["performance_score"].GetProperty("value").GetDouble());
    }

    [Fact]
    public async Task Without_enough_operations_there_is_no_score_and_a_moment_that_cannot_be_is_an_error()
    {
        await using var portal = await PortalFactory.StartAsync();
        var empty = (await portal.Client.GetAsync("score?at=now-1h")).Expect(200);
        Assert.False(empty["performance_score"].GetProperty("sufficient_data").GetBoolean());
        Assert.Empty(empty["gains"].EnumerateArray());
        (await portal.Client.GetAsync("score?at=now%2B1d")).ExpectProblem(400, "/at");
        (await portal.Client.GetAsync("score?at=yesterday")).ExpectProblem(400, "/at");
        string detail = (await portal.Client.GetAsync("score?at=yesterday"))["detail"].GetString()!;
        Assert.StartsWith("at is \"yesterday\". ", detail, StringComparison.Ordinal);
        Assert.Contains("now-24h", detail, StringComparison.Ordinal);
        (await portal.Client.GetAsync("score?tz=Nowhere/Town&at=now-1h")).ExpectProblem(400, "/tz");
    }

    [Fact]
    public async Task A_name_with_a_limit_of_its_own_is_judged_by_it()
    {
        await using var portal = await PortalFactory.StartAsync();
        (await portal.Client.PostAsync("operations/batch", Enumerable.Range(0, 20).Select(_ => SampleReports.Ended("train", ("start_time", SampleReports.Text(SampleReports.Now.AddHours(-3))), ("duration_seconds", 3600.0)))))
            .Expect(200);
        Assert.Equal(75, (await portal.Client.GetAsync("score")).Expect(200)["performance_score"].GetProperty("value").GetDouble());

        string tag = (await portal.Client.GetAsync("settings/thresholds")).Headers.ETag!.ToString();
        var limits = new Dictionary<string, double> { ["train"] = 7200 };
        var changed = (await portal.Client.SendAsync(HttpMethod.Put, "settings/thresholds", PortalClient.Json(new { slow_operation_seconds_by_name = limits }), ("If-Match", tag))).Expect(200);
        Assert.Equal(7200, changed["slow_operation_seconds_by_name"].GetProperty("train").GetDouble());
        Assert.Equal(100, (await portal.Client.GetAsync("score")).Expect(200)["performance_score"].GetProperty("value").GetDouble());
        var change = (await portal.Client.GetAsync("settings/thresholds/history")).Expect(200)["items"][0].GetProperty("differences")[0];
        Assert.Equal(("slow_operation_seconds_by_name/train", 0, 7200), (change.GetProperty("name").GetString(), change.GetProperty("before").GetDouble(), change.GetProperty("after").GetDouble()));
    }
}
