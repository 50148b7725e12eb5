using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Pages.Resources;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views.Resources;
using Xunit;

namespace PerfPortal.Tests.Views.Resources;

public sealed class ResourceTilesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private static ResourceTile Tile(ResourceSample sample, string title, params ResourceTrend[] trends) =>
        ResourceTiles.Of(sample, null, PerformanceThresholds.Default, trends).Single(tile => tile.Title == title);

    [Fact]
    public void An_absent_sensor_has_no_value_and_says_why()
    {
        var sample = new ResourceSample("node", Noon)
        {
            Sensors = new Dictionary<string, SensorStatus> { [Sensors.Gpu] = new(SensorState.Absent, "There is no GPU.") },
        };
        var tile = Tile(sample, "GPU");
        Assert.Equal((null, "There is no GPU.", Health.Unknown), (tile.Value, tile.Absent, tile.Health));
        Assert.Equal("Its reporter does not say it.", Tile(sample, "CPU").Absent);
    }

    [Theory]
    [InlineData(79.9, Health.Healthy)]
    [InlineData(80, Health.Warning)]
    public void A_value_at_its_limit_warns(double percent, Health health) =>
        Assert.Equal(health, Tile(new("node", Noon) { [ResourceMetric.CpuPercent] = percent }, "CPU").Health);

    [Fact]
    public void Little_free_space_is_critical_and_is_shown_in_bytes()
    {
        var tile = Tile(new("node", Noon) { [ResourceMetric.DiskFreeGb] = 4 }, "Disk space free");
        Assert.Equal((4.0 * (1 << 30), Health.Critical), (tile.Value, tile.Health));
    }

    [Fact]
    public void The_trend_of_this_host_is_said_with_its_slope()
    {
        ResourceTrend Trend(string source, double slope) => new(Sensors.Cpu, source, TrendDirection.Increasing, slope, "%", 0.001, 72, null);
        var tile = Tile(new("node", Noon) { [ResourceMetric.CpuPercent] = 10 }, "CPU", Trend("other", 9), Trend("node", 1.25));
        Assert.Equal((1, "increasing, +1.25 %/h"), (tile.Trend, tile.TrendText));
    }

    [Fact]
    public void A_chart_has_the_mean_in_the_band_of_the_extremes_and_gaps_stay_gaps()
    {
        var answer = new ResourceSeriesAnswer(
            new(Noon, Noon.AddMinutes(2)), 60, [Noon, Noon.AddMinutes(1)],
            new Dictionary<ResourceMetric, IReadOnlyList<ResourcePoint?>> { [ResourceMetric.DiskFreeGb] = [new ResourcePoint(1, 2, 3), null] });
        var data = ResourceCharts.Draw(answer, answer.Range, [new(ResourceMetric.DiskFreeGb, "Free", 10), new(ResourceMetric.CpuPercent, "CPU")]);
        var series = Assert.Single(data.Series);
        Assert.Equal([20.0, null], series.Values);
        Assert.Equal([10.0, null], series.Low!);
        Assert.Equal([30.0, null], series.High!);
        Assert.Equal(Noon.AddSeconds(30), data.Times[0]);
    }
}
