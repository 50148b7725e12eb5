using System.Text.Json;
using Xunit;

namespace PerfPortal.Tests.Api;

public sealed class ResourceApiTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private PortalClient Client => portal.Client;

    [Fact]
    public async Task A_sample_of_another_host_shows_as_its_newest()
    {
        (await Client.PostAsync("resources", new { source = "host-a", cpu_percent = 12.5, memory_used_mb = 1024, gpus = new[] { new { index = 0, name = "card", memory_used_mb = 5 } } })).Expect(200);
        var item = Assert.Single((await Client.GetAsync("resources/current?source=host-a")).Expect(200)["items"].EnumerateArray());
        Assert.Equal("host-a", item.GetProperty("source").GetString());
        Assert.Equal(12.5, item.GetProperty("cpu_percent").GetDouble());
        Assert.Equal(1024, item.GetProperty("memory_used_mb").GetDouble());
        Assert.True(item.GetProperty("age_seconds").GetDouble() >= 0);
        Assert.Equal("card", item.GetProperty("gpus")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_sensor_that_is_not_there_is_null_with_a_reason()
    {
        (await Client.PostAsync("resources", new { source = "host-b", cpu_percent = 1 })).Expect(200);
        var item = Assert.Single((await Client.GetAsync("resources/current?source=host-b")).Expect(200)["items"].EnumerateArray());
        Assert.Equal(JsonValueKind.Null, item.GetProperty("memory_percent").ValueKind);
        Assert.Equal("ok", item.GetProperty("sensors").GetProperty("cpu").GetProperty("state").GetString());
        var memory = item.GetProperty("sensors").GetProperty("memory");
        Assert.Equal("absent", memory.GetProperty("state").GetString());
        Assert.False(string.IsNullOrEmpty(memory.GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task History_has_the_minimum_mean_and_maximum_of_each_step()
    {
        var minute = new DateTimeOffset(SampleReports.Now.Ticks / TimeSpan.TicksPerHour * TimeSpan.TicksPerHour, TimeSpan.Zero).AddHours(-2);
        double[] cpu = [10, 20, 60];
        var samples = cpu.Select((percent, i) => new { source = "host-c", sampled_at = SampleReports.Text(minute.AddSeconds(20 * i + 10)), covered_seconds = 20, cpu_percent = percent }).ToList();
        (await Client.PostAsync("resources", samples)).Expect(200);
        (await Client.PostAsync("resources", samples)).Expect(200);

        string range = $"from={Uri.EscapeDataString(SampleReports.Text(minute))}&to={Uri.EscapeDataString(SampleReports.Text(minute.AddMinutes(1)))}";
        var history = (await Client.GetAsync($"resources/history?source=host-c&points=1&{range}")).Expect(200);
        var series = history["series"].GetProperty("cpu_percent");
        Assert.Equal(10, series.GetProperty("min")[0].GetDouble());
        Assert.Equal(30, series.GetProperty("mean")[0].GetDouble(), 6);
        Assert.Equal(60, series.GetProperty("max")[0].GetDouble());
        Assert.Equal("%", series.GetProperty("unit").GetString());
        Assert.Equal(1, history["times"].GetArrayLength());
    }

    [Fact]
    public async Task An_array_with_one_bad_sample_is_refused_as_a_whole()
    {
        var answer = await Client.PostAsync("resources", new object[] { new { source = "host-d", cpu_percent = 1 }, new { source = "host-d", cpu_percent = 101 }, new { source = "host-d" } });
        answer.ExpectProblem(400, "/1/cpu_percent", "/2/source", "Sample 1: cpu_percent is 101");
        Assert.Empty((await Client.GetAsync("resources/current?source=host-d")).Expect(200)["items"].EnumerateArray());
    }

    [Theory]
    [InlineData("""[{"source":"host-e","cpu_percent":1},{"source":"host-e","cpu_percent":NaN}]""", "/1", "Sample 1: The body is not valid JSON (line 1, byte 71). cpu_percent is NaN")]
    [InlineData("""[{"source":"host-e","cpu_percent":1}, NaN]""", "/1", "Sample 1: ")]
    [InlineData("""[NaN]""", "/0", "Sample 0: ")]
    [InlineData("""[{"source":"host-e","cpu_percent":1},{"source":"host-e" """, "/1", "Sample 1: ")]
    [InlineData("""[{"source":"host-e","cpu_percent":1}{"source":"host-e"}]""", "", "The body is not valid JSON")]
    [InlineData("""[{"source":"host-e","cpu_percent":1}] x""", "", "The body is not valid JSON")]
    public async Task A_sample_that_is_not_JSON_is_named_by_its_index_and_none_of_its_array_is_stored(string body, string pointer, string detail)
    {
        var error = Assert.Single((await Client.PostTextAsync("resources", body)).ExpectProblem(400)["errors"].EnumerateArray());
        Assert.Equal(pointer, error.GetProperty("pointer").GetString());
        Assert.StartsWith(detail, error.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty((await Client.GetAsync("resources/current?source=host-e")).Expect(200)["items"].EnumerateArray());
    }

    [Theory]
    [InlineData("cpu_cores", "[1e400]")]
    [InlineData("cpu_cores", "7")]
    [InlineData("disks", """[{"name":"/","total_gb":1e400}]""")]
    [InlineData("disks", """[{"total_gb":1}]""")]
    [InlineData("networks", """[{"name":"eth0","rx_bytes_per_second":-1e400}]""")]
    [InlineData("networks", """[{"name":null}]""")]
    [InlineData("gpus", """[{"index":0,"name":"g","utilization_percent":1e400}]""")]
    [InlineData("gpus", """[{"index":0,"name":"\ud800"}]""")]
    [InlineData("gpus", """["g"]""")]
    [InlineData("memory_percent", "1e400")]
    [InlineData("sampled_at", "\"2000-01-01T00:00:00Z\"")]
    [InlineData("sampled_at", "\"2100-01-01T00:00:00Z\"")]
    [InlineData("covered_seconds", "-1")]
    [InlineData("source", "\"perfportal\"")]
    public async Task A_wrong_member_is_named_and_the_portal_goes_on(string member, string value)
    {
        (await Client.PostTextAsync("resources", $$"""{ "source": "host-e", "cpu_percent": 1, "{{member}}": {{value}} }""")).ExpectProblem(400, "/" + member);
        Assert.Empty((await Client.GetAsync("resources/current?source=host-e")).Expect(200)["items"].EnumerateArray());
        (await Client.PostAsync("resources", new { source = "host-f", cpu_percent = 1 })).Expect(200);
    }
}
