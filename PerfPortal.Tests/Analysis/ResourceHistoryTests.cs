using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Analysis;

public sealed class ResourceHistoryTests
{
    private readonly MemoryResources _resources = new();

    [Fact]
    public async Task A_short_range_is_read_from_samples_that_stand_for_the_time_before_them()
    {
        var range = new TimeRange(Days.Now.AddMinutes(-10), Days.Now);
        _resources.Fill(Days.Host, new(range.From.AddMinutes(-1), range.To.AddMinutes(1)), TimeSpan.FromSeconds(30), ResourceMetric.CpuPercent, _ => 42);
        var answer = await Read(range, 121);
        Assert.Equal(5, answer.StepSeconds);
        Assert.InRange(answer.Times.Count, 100, 121);
        Assert.All(answer.Series[ResourceMetric.CpuPercent].SkipLast(8), point => Assert.Equal(42, point!.Value.Mean, 9));
    }

    [Fact]
    public async Task Each_mean_is_weighted_by_time_and_keeps_its_extremes()
    {
        var hour = new DateTimeOffset(2026, 3, 10, 11, 0, 0, TimeSpan.Zero);
        _resources.Fill(Days.Host, new(hour, hour.AddMinutes(30)), TimeSpan.FromSeconds(30), ResourceMetric.CpuPercent, _ => 10);
        _resources.Fill(Days.Host, new(hour.AddMinutes(30), hour.AddHours(1)), TimeSpan.FromSeconds(1), ResourceMetric.CpuPercent, _ => 90);
        var answer = await Read(new(hour, hour.AddHours(1)), 1);
        Assert.Equal(3600, answer.StepSeconds);
        var point = Assert.Single(answer.Series[ResourceMetric.CpuPercent])!.Value;
        Assert.InRange(point.Mean, 49, 51);
        Assert.Equal((10, 90), (point.Min, point.Max));
    }

    [Fact]
    public async Task Where_nothing_was_measured_there_is_a_gap_and_no_series_without_any()
    {
        var from = new DateTimeOffset(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);
        _resources.Fill(Days.Host, new(from, from.AddHours(1)), TimeSpan.FromSeconds(30), ResourceMetric.MemoryPercent, _ => 50);
        _resources.Fill(Days.Host, new(from.AddHours(2), from.AddHours(3)), TimeSpan.FromSeconds(30), ResourceMetric.MemoryPercent, _ => 60);
        var answer = await Read(new(from, from.AddHours(3)), 3);
        var series = Assert.Single(answer.Series).Value;
        Assert.Equal([50.0, null, 60.0], series.Select(point => point?.Mean));
    }

    [Theory]
    [InlineData(4, 300, 60)]
    [InlineData(24, 5000, 60)]
    [InlineData(24, 24, 3600)]
    [InlineData(24 * 60, 5000, 3600)]
    [InlineData(24 * 7, 300, 3600)]
    public async Task Long_and_old_ranges_have_no_steps_finer_than_what_is_kept(int hours, int points, double step)
    {
        var end = new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
        var answer = await Read(new(end.AddHours(-hours), end), points);
        Assert.Equal(step, answer.StepSeconds);
        Assert.True(answer.Times.Count <= points);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5001)]
    public Task Points_have_bounds(int points) =>
        Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Read(new(Days.Now.AddHours(-1), Days.Now), points));

    [Fact]
    public async Task The_newest_sample_of_each_source_or_of_one_is_read()
    {
        foreach (string source in new[] { "b", "a" })
        {
            _resources.Fill(source, new(Days.Now.AddMinutes(-5), Days.Now), TimeSpan.FromSeconds(30), ResourceMetric.CpuPercent, _ => 1);
        }

        var history = new ResourceHistory(_resources, Days.Horizons(new FakeTimeProvider(Days.Now)));
        var cancellationToken = TestContext.Current.CancellationToken;
        Assert.Equal(["a", "b"], (await history.ReadLatestAsync(null, cancellationToken)).Select(sample => sample.Source));
        Assert.Equal("b", Assert.Single(await history.ReadLatestAsync("b", cancellationToken)).Source);
    }

    private Task<ResourceSeriesAnswer> Read(TimeRange range, int points) =>
        new ResourceHistory(_resources, Days.Horizons(new FakeTimeProvider(Days.Now))).ReadAsync(Days.Host, range, points, TestContext.Current.CancellationToken);
}
