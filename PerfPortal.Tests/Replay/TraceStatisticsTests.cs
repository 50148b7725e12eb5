using System.Globalization;
using System.Text.Json;
using PerfPortal.Benchmarks.Replay;
using Xunit;

namespace PerfPortal.Tests.Replay;

public sealed class TraceStatisticsTests
{
    [Theory]
    [InlineData(20, 0.95, 19)]
    [InlineData(20, 0.5, 10)]
    [InlineData(1, 0.99, 1)]
    [InlineData(3, 0.5, 2)]
    [InlineData(100, 0.99, 99)]
    [InlineData(101, 0.99, 100)]
    public void A_percentile_is_the_value_of_its_nearest_rank(int count, double share, int rank)
    {
        TimeSpan[] sorted = [.. Enumerable.Range(1, count).Select(i => TimeSpan.FromSeconds(i))];
        Assert.Equal(TimeSpan.FromSeconds(rank), Figures.NearestRank(sorted, share));
    }

    [Fact]
    public async Task The_figures_are_given_for_each_name_and_for_all()
    {
        using var traces = new TraceFixture();
        string path = traces.Write(
            "lora.csv.gz",
            TraceFixture.LoraHeader,
            "2024-11-15 16:57:50,TXT_2_IMG,SUCCEED,10,G0,,,,,,0",
            "2024-11-15 16:57:51,TXT_2_IMG,FAILED,30,G0,,,,,,0",
            "2024-11-15 16:57:52,IMG_2_IMG,SUCCEED,20,G0,,,,,,0",
            "2024-11-15 16:57:53,IMG_2_IMG,PENDING,0,G0,,,,,,0");
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        Assert.Equal(0, await StatsCommand.RunAsync(path, output, output, TestContext.Current.CancellationToken));
        var json = JsonElement.Parse(output.ToString());
        var all = json.GetProperty("all");
        Assert.Equal((4, 3, 2, 1), (json.GetProperty("rows").GetInt32(), all.GetProperty("count").GetInt32(), all.GetProperty("succeeded").GetInt32(), all.GetProperty("failed").GetInt32()));
        Assert.Equal((20d, 30d, 20d), (all.GetProperty("p50").GetDouble(), all.GetProperty("p99").GetDouble(), all.GetProperty("mean").GetDouble()));
        Assert.Equal(["img_2_img", "txt_2_img"], json.GetProperty("operations").EnumerateArray().Select(figures => figures.GetProperty("operation_name").GetString()));
    }
}
