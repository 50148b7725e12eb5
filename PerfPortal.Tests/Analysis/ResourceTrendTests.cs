using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Trends;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using Xunit;

namespace PerfPortal.Tests.Analysis;

public sealed class ResourceTrendTests
{
    [Theory]
    [InlineData(ResourceMetric.CpuPercent, "cpu")]
    [InlineData(ResourceMetric.MemoryPercent, "memory")]
    [InlineData(ResourceMetric.GpuUtilizationPercent, "gpu")]
    public void A_percentage_that_rises_or_falls_enough_has_a_trend(ResourceMetric metric, string resource)
    {
        var rising = Trend(metric, resource, hours => 30 + 2 * hours);
        Assert.Equal(TrendDirection.Increasing, rising.Direction);
        Assert.Equal(2, rising.SlopePerHour!.Value, 2);
        Assert.True(rising.PValue < 0.01);
        Assert.Equal(TrendDirection.Decreasing, Trend(metric, resource, hours => 60 - 2 * hours).Direction);

        // 4.2 points in six hours are clear, and too few to matter.
        Assert.Equal(TrendDirection.Stable, Trend(metric, resource, hours => 30 + 0.7 * hours).Direction);
        Assert.Equal(TrendDirection.Stable, Trend(metric, resource, _ => 30).Direction);
    }

    [Fact]
    public void A_shorter_window_sees_less_of_a_slow_rise_and_says_how_long_it_is()
    {
        // A point an hour: six in six hours matter, two in two do not.
        var resources = new MemoryResources();
        resources.Fill(
            Days.Host, new(Days.Now.AddHours(-8), Days.Now), TimeSpan.FromMinutes(1), ResourceMetric.CpuPercent,
            at => 30 - (Days.Now - at).TotalHours + (0.1 * (at.Minute % 3)));
        TrendDirection Over(double hours) => ResourceTrends.Of(resources.Host(Days.Host), Days.Now, TimeSpan.FromHours(hours)).Single(trend => trend.Resource == "cpu").Direction;
        Assert.Equal((TrendDirection.Increasing, TrendDirection.Stable), (Over(6), Over(2)));
        Assert.Equal(
            "It was not measured in the last 2 hours.",
            ResourceTrends.Of(resources.Host(Days.Host), Days.Now, TimeSpan.FromHours(2)).Single(trend => trend.Resource == "memory").Reason);
    }

    [Fact]
    public void Noise_without_a_trend_is_stable()
    {
        var random = new Random(7);
        Assert.Equal(TrendDirection.Stable, Trend(ResourceMetric.CpuPercent, "cpu", _ => 20 + 60 * random.NextDouble()).Direction);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_free_space_of_a_disk_that_fills_is_decreasing_whether_or_not_the_size_of_the_disk_is_known(bool isSizeKnown)
    {
        ResourceTrend Filling(double perHour) => Of(
            Days.Measured(ResourceMetric.DiskFreeGb, 6, at => 100 - perHour * Hours(at), isSizeKnown ? [(ResourceMetric.DiskTotalGb, 500)] : []), "disk");
        var filling = Filling(0.2);
        Assert.Equal((TrendDirection.Decreasing, "GiB", "disk_free_gb", null), (filling.Direction, filling.Unit, filling.Measure, filling.Reason));
        Assert.Equal(-0.2, filling.SlopePerHour!.Value, 3);
        Assert.Equal(TrendDirection.Stable, Filling(0.05).Direction);
        Assert.Equal(TrendDirection.Stable, Filling(0).Direction);
        Assert.Equal((TrendDirection.Increasing, 1), (Filling(-1).Direction, Math.Round(Filling(-1).SlopePerHour!.Value, 3)));
    }

    [Fact]
    public void A_host_that_reports_its_disk_in_percent_only_has_a_trend_of_what_is_free_in_percent()
    {
        var filling = Trend(ResourceMetric.DiskPercent, "disk", hours => 30 + 2 * hours);
        Assert.Equal((TrendDirection.Decreasing, "%", "disk_free_percent"), (filling.Direction, filling.Unit, filling.Measure));
        Assert.Equal(-2, filling.SlopePerHour!.Value, 2);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.01)]
    [InlineData(0)]
    public void Free_space_that_shrinks_along_a_line_is_decreasing_however_it_is_rounded(double step)
    {
        // 120 samples, one a minute.
        double Free(double hours) => step == 0 ? 100 - 0.7 * hours : Math.Round((100 - 0.7 * hours) / step) * step;
        var trend = Of(Days.Measured(ResourceMetric.DiskFreeGb, 2, at => Free((at - Days.Now.AddHours(-2)).TotalHours)), "disk");
        Assert.Equal(TrendDirection.Decreasing, trend.Direction);
        Assert.Equal(-0.7, trend.SlopePerHour!.Value, 0.02);
    }

    [Fact]
    public void One_sample_is_no_trend()
    {
        var resources = new MemoryResources();
        resources.Add(new ResourceSample(Days.Host, Days.Now) { [ResourceMetric.DiskFreeGb] = 50 }, TimeSpan.FromSeconds(30));
        var trend = Of(resources.Host(Days.Host), "disk");
        Assert.Equal((TrendDirection.Unknown, null, "It was measured for less than an hour."), (trend.Direction, trend.SlopePerHour, trend.Reason));
    }

    [Theory]
    [InlineData(ResourceMetric.MemoryUsedMb, TrendDirection.Increasing)]
    [InlineData(ResourceMetric.MemoryAvailableMb, TrendDirection.Decreasing)]
    public void A_host_that_reports_amounts_of_memory_instead_of_a_percentage_has_a_memory_trend(ResourceMetric metric, TrendDirection expected) =>
        Assert.Equal(expected, Of(Days.Measured(metric, 6, at => 3000 + 200 * Hours(at), (ResourceMetric.MemoryTotalMb, 10_000)), "memory").Direction);

    [Fact]
    public void A_network_that_rises_by_little_is_stable()
    {
        Assert.Equal(TrendDirection.Increasing, Trend(ResourceMetric.NetworkRxBytesPerSecond, "network", hours => 500_000 + 50_000 * hours).Direction);
        Assert.Equal(TrendDirection.Stable, Trend(ResourceMetric.NetworkRxBytesPerSecond, "network", hours => 1000 + 10_000 * hours).Direction);
        Assert.Equal(TrendDirection.Stable, Trend(ResourceMetric.NetworkRxBytesPerSecond, "network", hours => 1e7 + 50_000 * hours).Direction);
    }

    [Fact]
    public void What_was_not_measured_is_unknown_with_the_sensors_reason()
    {
        var resources = new MemoryResources();
        resources.Add(
            new ResourceSample(Days.Host, Days.Now)
            {
                Sensors = new Dictionary<string, SensorStatus> { [Sensors.Gpu] = new(SensorState.Absent, "No GPU was found.") },
            },
            TimeSpan.FromSeconds(30));
        var trends = ResourceTrends.Of(resources.Host(Days.Host), Days.Now, AnalysisWindows.Default.Trend).ToList();
        Assert.Equal(ResourceTrends.Resources, trends.Select(trend => trend.Resource));
        Assert.All(trends, trend => Assert.Equal(TrendDirection.Unknown, trend.Direction));
        Assert.All(trends, trend => Assert.Null(trend.SlopePerHour));
        Assert.Equal("No GPU was found.", trends[^1].Reason);
    }

    [Fact]
    public void Less_than_an_hour_is_unknown()
    {
        Assert.Equal(TrendDirection.Unknown, Of(Days.Measured(ResourceMetric.CpuPercent, 0.9, at => 30 + 20 * Hours(at)), "cpu").Direction);
        Assert.Equal(TrendDirection.Increasing, Of(Days.Measured(ResourceMetric.CpuPercent, 1.2, at => 30 + 20 * Hours(at)), "cpu").Direction);
    }

    [Fact]
    public void What_lies_before_the_six_hours_is_not_looked_at()
    {
        var host = Days.Measured(ResourceMetric.CpuPercent, 20, at => at < Days.Now.AddHours(-6.1) ? 5 : 60);
        Assert.Equal(TrendDirection.Stable, Of(host, "cpu").Direction);
    }

    private static double Hours(DateTimeOffset at) => (at - Days.Now.AddHours(-6)).TotalHours;

    private static ResourceTrend Trend(ResourceMetric metric, string resource, Func<double, double> valueAt) =>
        Of(Days.Measured(metric, 6, at => valueAt(Hours(at))), resource);

    private static ResourceTrend Of(HostResources host, string resource) =>
        ResourceTrends.Of(host, Days.Now, AnalysisWindows.Default.Trend).Single(trend => trend.Resource == resource);
}
