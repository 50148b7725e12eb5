using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views;
using PerfPortal.Server.Views.Resources;
using PerfPortal.Tests.Pages;
using Xunit;

namespace PerfPortal.Tests.Views.Resources;

public sealed class ResourceTilesTests
{
    private static readonly DateTimeOffset Noon = PortalContext.Noon;

    [Fact]
    public void An_absent_sensor_is_grey_and_says_why()
    {
        var sample = Sample();
        sample.Sensors = new Dictionary<string, SensorStatus> { [Sensors.Gpu] = new(SensorState.Absent, "There is no GPU.") };
        var tile = Tile(Sensors.Gpu, Input(sample));
        Assert.Equal((null, "There is no GPU.", Health.Unknown), (tile.Value, tile.Absent, tile.State));
    }

    [Fact]
    public void A_host_that_never_reported_has_five_grey_tiles()
    {
        var tiles = ResourceTiles.Overview(Input(null));
        Assert.Equal(5, tiles.Count);
        Assert.All(tiles, tile => Assert.Equal("alpha has sent no samples.", tile.Absent));
        Assert.All(tiles, tile => Assert.Null(tile.Value));
    }

    [Theory]
    [InlineData(80, Health.Healthy)]
    [InlineData(80.1, Health.Warning)]
    public void Above_its_limit_a_resource_is_in_warning(double cpu, Health state)
    {
        var sample = Sample();
        sample[ResourceMetric.CpuPercent] = cpu;
        var tile = Tile(Sensors.Cpu, Input(sample));
        Assert.Equal((state, 80.0), (tile.State, tile.Threshold));
    }

    [Fact]
    public void A_critical_bottleneck_of_this_host_makes_its_tile_critical()
    {
        var sample = Sample();
        sample[ResourceMetric.CpuPercent] = 99;
        Assert.Equal(Health.Critical, Tile(Sensors.Cpu, Input(sample) with { Bottlenecks = [Busy("alpha")] }).State);
        Assert.Equal(Health.Warning, Tile(Sensors.Cpu, Input(sample) with { Bottlenecks = [Busy("beta")] }).State);
    }

    [Fact]
    public void A_disk_that_fills_falls_in_what_is_free()
    {
        var sample = Sample();
        sample[ResourceMetric.DiskFreeGb] = 4;
        var trend = new ResourceTrend(Sensors.Disk, "alpha", TrendDirection.Decreasing, -2, "GiB", 0.001, 60, null);
        var tile = Tile(Sensors.Disk, Input(sample) with { Trends = [trend with { Source = "beta", SlopePerHour = 9 }, trend] });
        Assert.Equal((-1.0, "−2 GiB per hour", Health.Warning), (tile.Trend, tile.TrendText, tile.State));
        Assert.Equal(4.0 * 1024 * 1024 * 1024, tile.Value);
    }

    [Theory]
    [InlineData(5, Health.Healthy)]
    [InlineData(4.9, Health.Warning)]
    [InlineData(1, Health.Warning)]
    [InlineData(0.9, Health.Critical)]
    public void The_state_of_a_disk_is_the_severity_of_the_low_disk_rule(double free, Health state)
    {
        var sample = Sample();
        sample[ResourceMetric.DiskFreeGb] = free;
        Assert.Equal(state, Tile(Sensors.Disk, Input(sample)).State);
    }

    [Fact]
    public void Every_page_shows_the_same_five_tiles()
    {
        var sample = Sample();
        sample[ResourceMetric.CpuPercent] = 97;
        sample[ResourceMetric.MemoryPercent] = 50;
        sample[ResourceMetric.DiskFreeGb] = 0.5;
        sample[ResourceMetric.GpuMemoryPercent] = 95;
        var all = ResourceTiles.All(Input(sample)).ToDictionary(tile => tile.Key);
        Assert.All(ResourceTiles.Overview(Input(sample)), tile => Assert.Equal(tile.ToString(), all[tile.Key].ToString()));
        Assert.Equal(Health.Warning, all["gpu_memory"].State);
    }

    [Theory]
    [InlineData(10, Health.Healthy)]
    [InlineData(10.1, Health.Unknown)]
    public void A_sample_describes_the_present_for_ten_minutes(double minutes, Health state)
    {
        var sample = new ResourceSample("alpha", Noon.AddMinutes(-minutes)) { [ResourceMetric.MemoryPercent] = 10 };
        Assert.Equal(state, Tile(Sensors.Memory, Input(sample)).State);
    }

    [Fact]
    public void A_sample_that_is_old_is_not_called_healthy()
    {
        var sample = new ResourceSample("alpha", Noon.AddMinutes(-12)) { [ResourceMetric.MemoryPercent] = 10 };
        var tile = Tile(Sensors.Memory, Input(sample));
        Assert.Equal((Health.Unknown, "measured 12 min ago"), (tile.State, tile.Note));
    }

    [Fact]
    public void Network_adds_up_what_came_and_went()
    {
        var sample = Sample();
        sample[ResourceMetric.NetworkRxBytesPerSecond] = 1024;
        sample[ResourceMetric.NetworkTxBytesPerSecond] = 2048;
        var series = new Dictionary<ResourceMetric, IReadOnlyList<ResourcePoint?>>
        {
            [ResourceMetric.NetworkRxBytesPerSecond] = [new(1, 1, 1), null, new(3, 3, 3)],
            [ResourceMetric.NetworkTxBytesPerSecond] = [new(10, 10, 10), null, null],
        };
        var tile = Tile(Sensors.Network, Input(sample) with { History = new(default, 60, [Noon, Noon, Noon], series) });
        Assert.Equal(3072, tile.Value);
        Assert.Equal([11.0, null, 3.0], tile.Series);
    }

    private static ResourceTile Tile(string resource, HostView input) => ResourceTiles.Overview(input).Single(tile => tile.Key == resource);

    private static ResourceSample Sample() => new("alpha", Noon);

    private static HostView Input(ResourceSample? sample) => new(
        "alpha", sample, new(default, 60, [], new Dictionary<ResourceMetric, IReadOnlyList<ResourcePoint?>>()), [], [], PerformanceThresholds.Default, Noon);

    private static Bottleneck Busy(string source) => new()
    {
        Kind = BottleneckKinds.HighCpu,
        Severity = Severity.Critical,
        Sentence = "Busy.",
        Value = 0.5,
        Threshold = 0.2,
        Unit = "share",
        Source = source,
    };

    [Fact]
    public void A_chart_has_the_mean_in_the_band_of_the_extremes_and_gaps_stay_gaps()
    {
        var answer = Answer(ResourceMetric.DiskFreeGb, new ResourcePoint(1, 2, 3), null);
        var data = ResourceCharts.Draw(answer, answer.Range, [new(ResourceMetric.DiskFreeGb, "Free", 10), new(ResourceMetric.CpuPercent, "CPU")]);
        var series = Assert.Single(data.Series);
        Assert.Equal([20.0, null], series.Values);
        Assert.Equal([10.0, null], series.Low!);
        Assert.Equal([30.0, null], series.High!);
        Assert.Equal(Noon.AddSeconds(30), data.Times[0]);
    }

    [Fact]
    public void A_band_is_drawn_only_where_a_step_holds_more_than_one_value()
    {
        var single = Answer(ResourceMetric.CpuPercent, new ResourcePoint(5, 5, 5), null);
        var several = Answer(ResourceMetric.CpuPercent, new ResourcePoint(5, 5, 5), new ResourcePoint(1, 5, 9));
        Assert.Null(Charts(single)[0].Data.Series[0].High);
        Assert.Equal([5.0, 9.0], Charts(several)[0].Data.Series[0].High!);
    }

    [Fact]
    public void A_chart_of_a_gpu_is_there_only_where_one_was_measured()
    {
        Assert.DoesNotContain(Sensors.Gpu, Charts(Answer(ResourceMetric.CpuPercent, new ResourcePoint(1, 1, 1), null)).Select(chart => chart.Key));
        Assert.Contains(Sensors.Gpu, Charts(Answer(ResourceMetric.GpuUtilizationPercent, new ResourcePoint(1, 2, 3), null)).Select(chart => chart.Key));
    }

    [Fact]
    public void The_limits_in_force_are_drawn()
    {
        var charts = ResourceCharts.WithLimits(Charts(Answer(ResourceMetric.CpuPercent, new ResourcePoint(1, 1, 1), null)), new() { HighCpuPercent = 70 }, 4);
        Assert.Equal((70.0, "limit 70 %"), (charts[0].Thresholds[0].Value, charts[0].Thresholds[0].Label));
        Assert.Equal((4.0, "4 processors"), (charts[1].Thresholds[0].Value, charts[1].Thresholds[0].Label));
    }

    private static IReadOnlyList<ChartModel> Charts(ResourceSeriesAnswer answer) => ResourceCharts.Of("alpha", null, answer.Range, answer);

    private static ResourceSeriesAnswer Answer(ResourceMetric metric, ResourcePoint? first, ResourcePoint? second) => new(
        new(Noon, Noon.AddMinutes(2)), 60, [Noon, Noon.AddMinutes(1)], new Dictionary<ResourceMetric, IReadOnlyList<ResourcePoint?>> { [metric] = [first, second] });
}
