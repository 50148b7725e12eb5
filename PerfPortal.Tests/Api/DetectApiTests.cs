using System.Text.Json;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class DetectApiTests
{
    private static readonly int[] One = [1];
    private static readonly int[] Two = [1, 2];
    private static readonly object[] WithText = [1, "x"];
    private static readonly int[] OneTime = [1_700_000_000];
    private static readonly int[] SameTimes = [1_700_000_000, 1_700_000_000];
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_unusual_stretch_of_a_series_is_found_with_its_times()
    {
        await using var portal = await PortalFactory.StartAsync();
        double?[] values = [.. Enumerable.Range(0, 2000).Select(t => (double?)(t is >= 1500 and < 1520 ? 9 : Math.Sin(t / 20.0) + (0.05 * Math.Sin(t * 7.3))))];
        values[700] = null;
        string[] timestamps = [.. Enumerable.Range(0, 2000).Select(t => Start.AddMinutes(t).ToString("O"))];
        var answer = (await portal.Client.PostAsync("detect", new { values, timestamps })).Expect(200);
        Assert.Equal(60, answer["step_seconds"].GetDouble());
        Assert.Equal(300, answer["anomalies_from_index"].GetInt32());
        var found = Assert.Single(answer["anomalies"].EnumerateArray(), item => item.GetProperty("score").GetDouble() > 0.5);
        Assert.InRange(found.GetProperty("from_index").GetInt32(), 1500, 1505);
        Assert.InRange(found.GetProperty("from").GetDateTimeOffset(), Start.AddMinutes(1500), Start.AddMinutes(1505));

        var untimed = (await portal.Client.PostAsync("detect", new { values })).Expect(200);
        Assert.Equal(JsonValueKind.Null, untimed["anomalies"][0].GetProperty("from").ValueKind);
        Assert.Equal(300, untimed["step_seconds"].GetDouble());
    }

    [Fact]
    public async Task A_level_that_changes_is_dated_and_the_series_is_continued_at_the_new_level()
    {
        await using var portal = await PortalFactory.StartAsync();
        var random = new Random(5);
        double[] values = [.. Enumerable.Range(0, 400).Select(t => (t < 250 ? 10.0 : 14) + random.NextDouble())];
        string[] timestamps = [.. Enumerable.Range(0, 400).Select(t => Start.AddHours(t).ToString("O"))];
        var answer = (await portal.Client.PostAsync("detect", new { values, timestamps, horizon = 12, limit = 20 })).Expect(200);
        var change = Assert.Single(answer["change_points"].EnumerateArray());
        Assert.InRange(change.GetProperty("index").GetInt32(), 249, 251);
        Assert.InRange(250, change.GetProperty("index_low").GetInt32(), change.GetProperty("index_high").GetInt32());
        Assert.Equal(Start.AddHours(change.GetProperty("index").GetInt32()), change.GetProperty("at").GetDateTimeOffset());
        Assert.InRange(4, change.GetProperty("size_low").GetDouble(), change.GetProperty("size_high").GetDouble());
        Assert.InRange(change.GetProperty("confidence").GetDouble(), 0.99, 1);
        Assert.Equal(0, answer["change_points_from_index"].GetInt32());
        var points = answer["forecast"].GetProperty("points").EnumerateArray().ToList();
        Assert.Equal(12, points.Count);
        Assert.Equal(Start.AddHours(400), points[0].GetProperty("at").GetDateTimeOffset());
        Assert.All(points, point => Assert.InRange(point.GetProperty("value").GetDouble(), 14, 15));
        Assert.All(points, point => Assert.InRange(14.5, point.GetProperty("low").GetDouble(), point.GetProperty("high").GetDouble()));
        var limit = answer["forecast"].GetProperty("limit");
        Assert.InRange(limit.GetProperty("probability").GetDouble(), 0, 0.33);
        Assert.Equal(JsonValueKind.Null, limit.GetProperty("median_at").ValueKind);
    }

    [Fact]
    public async Task A_growing_series_with_a_course_of_the_day_is_told_when_it_reaches_a_limit()
    {
        await using var portal = await PortalFactory.StartAsync();
        var random = new Random(6);
        double Level(int t) => 20 + (0.05 * t) + (3 * Math.Sin(t / 24.0 * 2 * Math.PI));
        double[] values = [.. Enumerable.Range(0, 500).Select(t => Level(t) + (0.2 * random.NextDouble()))];
        string[] timestamps = [.. Enumerable.Range(0, 500).Select(t => Start.AddHours(t).ToString("O"))];
        var answer = (await portal.Client.PostAsync("detect", new { values, timestamps, horizon = 72, limit = 50 })).Expect(200);
        int reached = Enumerable.Range(500, 72).First(t => Level(t) >= 50) - 499;
        var limit = answer["forecast"].GetProperty("limit");
        Assert.InRange(limit.GetProperty("probability").GetDouble(), 0.9, 1);
        Assert.InRange(limit.GetProperty("median_steps").GetInt32(), reached - 6, reached + 6);
        Assert.Equal(Start.AddHours(499 + limit.GetProperty("median_steps").GetInt32()), limit.GetProperty("median_at").GetDateTimeOffset());
        Assert.All(
            answer["forecast"].GetProperty("points").EnumerateArray().Select((point, i) => point.GetProperty("value").GetDouble() - Level(500 + i)),
            error => Assert.InRange(error, -1.5, 1.5));
    }

    [Fact]
    public async Task Too_few_values_for_a_forecast_are_told_and_steps_that_were_not_measured_do_not_move_it()
    {
        await using var portal = await PortalFactory.StartAsync();
        var few = (await portal.Client.PostAsync("detect", new { values = Enumerable.Range(1, 5) })).Expect(200);
        Assert.Equal(JsonValueKind.Null, few["forecast"].ValueKind);
        Assert.Contains("at least 8 values", few["forecast_reason"].GetString(), StringComparison.Ordinal);
        Assert.Empty(few["change_points"].EnumerateArray());
        var far = (await portal.Client.PostAsync("detect", new { values = Enumerable.Range(0, 60), horizon = 500 })).Expect(200);
        Assert.Contains("500 steps are too far ahead for 60 values", far["forecast_reason"].GetString(), StringComparison.Ordinal);

        // An hour in ten was not measured: the line goes on by the hour, not by the value.
        int[] hours = [.. Enumerable.Range(0, 200).Where(hour => hour % 10 != 3)];
        var gaps = (await portal.Client.PostAsync(
            "detect", new { values = hours, timestamps = hours.Select(hour => Start.AddHours(hour).ToString("O")), horizon = 10 })).Expect(200);
        var last = gaps["forecast"].GetProperty("points")[9];
        Assert.Equal(Start.AddHours(209), last.GetProperty("at").GetDateTimeOffset());
        Assert.InRange(last.GetProperty("value").GetDouble(), 205, 213);

        // Equal values, and none at all.
        var equal = (await portal.Client.PostAsync("detect", new { values = new double[100], limit = 1 })).Expect(200);
        Assert.Equal(0, equal["forecast"].GetProperty("limit").GetProperty("probability").GetDouble());
        Assert.Equal(0, equal["forecast"].GetProperty("points")[0].GetProperty("high").GetDouble());
        var none = (await portal.Client.PostAsync("detect", new { values = new double?[100] })).Expect(200);
        Assert.Contains("there are 0", none["forecast_reason"].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bad_series_is_refused_with_the_member_and_the_limit()
    {
        await using var portal = await PortalFactory.StartAsync();
        (await SendAsync(new { })).ExpectProblem(400, "/values");
        (await SendAsync(new { values = Array.Empty<double>() })).ExpectProblem(400, "1 to 100000");
        (await SendAsync(new { values = new double[100_001] })).ExpectProblem(400, "100001 items");
        (await SendAsync(new { values = WithText })).ExpectProblem(400, "/values/1");
        (await SendAsync(new { values = Two, timestamps = OneTime })).ExpectProblem(400, "/timestamps");
        (await SendAsync(new { values = Two, timestamps = SameTimes })).ExpectProblem(400, "/timestamps/1");
        (await SendAsync(new { values = 5 })).ExpectProblem(400, "/values");
        (await SendAsync(new { values = One, horizon = 0 })).ExpectProblem(400, "horizon is 0; 1 to 500 are accepted.");
        (await SendAsync(new { values = One, horizon = 501 })).ExpectProblem(400, "/horizon");
        (await SendAsync(new { values = One, horizon = 1.5 })).ExpectProblem(400, "horizon must be a whole number.");
        (await SendAsync(new { values = One, limit = "x" })).ExpectProblem(400, "/limit");
        (await SendAsync(new { values = One, limit = 1e39 })).ExpectProblem(400, "/limit");
        (await SendAsync(new { values = One, horizonn = 3 })).ExpectProblem(400, "There is no member horizonn; did you mean horizon?");
        Assert.Empty((await SendAsync(new { values = One })).Expect(200)["anomalies"].EnumerateArray());

        async Task<Answer> SendAsync(object body) => await portal.Client.PostAsync("detect", body);
    }
}
