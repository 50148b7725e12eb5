using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Server.Text;
using PerfPortal.Server.Views.Dashboard;
using PerfPortal.Tests.Pages;
using Xunit;

namespace PerfPortal.Tests.Views.Dashboard;

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
        var tiles = ResourceTiles.Of(Input(null));
        Assert.Equal(5, tiles.Count);
        Assert.All(tiles, tile => Assert.Equal("alpha has sent no samples.", tile.Absent));
        Assert.All(tiles, tile => Assert.Null(tile.Value));
    }

    [Theory]
    [InlineData(79.9, Health.Healthy)]
    [InlineData(80, Health.Warning)]
    public void From_its_limit_on_a_resource_is_in_warning(double cpu, Health state)
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
        var trend = new ResourceTrend(Sensors.Disk, "alpha", TrendDirection.Increasing, 2, "GiB", 0.001, 60, null);
        var tile = Tile(Sensors.Disk, Input(sample) with { Trends = [trend with { Source = "beta", SlopePerHour = 9 }, trend] });
        Assert.Equal((-1.0, "−2 GiB per hour", Health.Warning), (tile.Trend, tile.TrendText, tile.State));
        Assert.Equal(4.0 * 1024 * 1024 * 1024, tile.Value);
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
        var tile = Tile(Sensors.Network, Input(sample) with { Hour = new(default, 60, [Noon, Noon, Noon], series) });
        Assert.Equal(3072, tile.Value);
        Assert.Equal([11.0, null, 3.0], tile.Series);
    }

    private static ResourceTile Tile(string resource, TileInput input) => ResourceTiles.Of(input).Single(tile => tile.Resource == resource);

    private static ResourceSample Sample() => new("alpha", Noon);

    private static TileInput Input(ResourceSample? sample) => new(
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
}
