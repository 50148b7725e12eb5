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
        Assert.Equal(System.Text.Json.JsonValueKind.Null, untimed["anomalies"][0].GetProperty("from").ValueKind);
        Assert.Equal(300, untimed["step_seconds"].GetDouble());
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
        Assert.Empty((await SendAsync(new { values = One })).Expect(200)["anomalies"].EnumerateArray());

        async Task<Answer> SendAsync(object body) => await portal.Client.PostAsync("detect", body);
    }
}
