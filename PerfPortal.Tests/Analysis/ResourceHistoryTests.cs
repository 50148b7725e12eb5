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
    [InlineData(60, 10, 5)]
    [InlineData(60, 30, 10)]
    [InlineData(90, 240, 60)]
    [InlineData(300, 240, 60)]
    [InlineData(600, 24 * 60, 300)]
    public async Task A_host_that_reports_less_often_than_once_per_step_is_a_line_and_not_dashes(int interval, int minutes, int step)
    {
        var range = new TimeRange(Days.Now.AddMinutes(-minutes), Days.Now);
        Report("slow", range, interval);
        var answer = await Read(range, 300, "slow");
        Assert.Equal(step, answer.StepSeconds);
        var points = answer.Series[ResourceMetric.CpuPercent];
        int reported = 1 + (interval / step);
        Assert.All(points.Skip(reported).SkipLast(reported), point => Assert.Equal(new ResourcePoint(40, 40, 40), point));
    }

    [Theory]
    [InlineData(60, 30, 10, 10)]
    [InlineData(60, 240, 60, 10)]
    [InlineData(300, 240, 60, 30)]
    public async Task An_outage_of_a_host_that_reports_rarely_stays_a_gap(int interval, int minutes, int step, int outage)
    {
        var range = new TimeRange(Days.Now.AddMinutes(-minutes), Days.Now);
        var lost = new TimeRange(range.From.AddMinutes(minutes / 2.0), range.From.AddMinutes((minutes / 2.0) + outage));
        Report("slow", range, interval, lost);
        var answer = await Read(range, 300, "slow");
        int gaps = answer.Series[ResourceMetric.CpuPercent].Skip(1 + (interval / step)).SkipLast(1 + (interval / step)).Count(point => point is null);
        Assert.InRange(gaps, ((outage * 60) - interval) / step, ((outage * 60) + interval) / step);
    }

    [Fact]
    public async Task A_single_lost_report_is_no_outage()
    {
        var range = new TimeRange(Days.Now.AddMinutes(-20), Days.Now);
        Report("slow", range, 60, new(Days.Now.AddMinutes(-10.5), Days.Now.AddMinutes(-9.5)));
        var answer = await Read(range, 300, "slow");
        Assert.DoesNotContain(null, answer.Series[ResourceMetric.CpuPercent].Skip(15).SkipLast(15));
    }

    [Fact]
    public async Task Each_host_and_each_metric_has_its_own_interval()
    {
        var range = new TimeRange(Days.Now.AddMinutes(-20), Days.Now);
        var lost = new TimeRange(Days.Now.AddMinutes(-11), Days.Now.AddMinutes(-9));
        Report("fast", range, 5, lost);
        Report("slow", range, 60);
        for (var at = range.From; at < range.To; at += TimeSpan.FromSeconds(60))
        {
            _resources.Add(new ResourceSample("fast", at.AddSeconds(1)) { [ResourceMetric.GpuUtilizationPercent] = 7 }, TimeSpan.FromSeconds(1));
        }

        var (fast, slow) = (await Read(range, 300, "fast"), await Read(range, 300, "slow"));
        Assert.InRange(fast.Series[ResourceMetric.CpuPercent].Count(point => point is null), 18, 26);
        Assert.DoesNotContain(null, fast.Series[ResourceMetric.GpuUtilizationPercent].Skip(13).SkipLast(13));
        Assert.DoesNotContain(null, slow.Series[ResourceMetric.CpuPercent].Skip(13).SkipLast(13));
    }

    [Fact]
    public async Task A_host_that_reports_more_often_halfway_stays_a_line()
    {
        var (from, half) = (Days.Now.AddMinutes(-30), Days.Now.AddMinutes(-15));
        Report("slow", new(from, half), 60);
        Report("slow", new(half, Days.Now), 5);
        var answer = await Read(new(from, Days.Now), 360, "slow");
        Assert.DoesNotContain(null, answer.Series[ResourceMetric.CpuPercent].Skip(13).SkipLast(2));
    }

    [Fact]
    public async Task A_range_between_two_reports_has_the_value_of_the_later_one()
    {
        Report("slow", new(Days.Now.AddMinutes(-30), Days.Now), 60);
        var answer = await Read(new(Days.Now.AddMinutes(-10).AddSeconds(5), Days.Now.AddMinutes(-10).AddSeconds(15)), 300, "slow");
        Assert.All(answer.Series[ResourceMetric.CpuPercent], point => Assert.Equal(40, point!.Value.Mean));
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

    /// <summary>Reports of a host that does not say how much time they cover, except while the host is down.</summary>
    private void Report(string host, TimeRange range, int interval, TimeRange? outage = null)
    {
        for (var at = range.From; at < range.To; at += TimeSpan.FromSeconds(interval))
        {
            if (outage?.Contains(at) != true)
            {
                _resources.Add(new ResourceSample(host, at) { [ResourceMetric.CpuPercent] = 40 }, TimeSpan.FromSeconds(Math.Min(interval, 30)));
            }
        }
    }

    private Task<ResourceSeriesAnswer> Read(TimeRange range, int points, string host = Days.Host) =>
        new ResourceHistory(_resources, Days.Horizons(new FakeTimeProvider(Days.Now))).ReadAsync(host, range, points, TestContext.Current.CancellationToken);
}
