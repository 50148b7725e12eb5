using PerfPortal.Domain.Analysis.Anomalies;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using Xunit;

namespace PerfPortal.Tests.Analysis.Anomalies;

public sealed class HostAnomalyTests
{
    private const int Day = SeriesWatch.PerDay;
    private const int At = (6 * Day) + 170;
    private static readonly long First = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero).UtcTicks / SeriesWatch.Step.Ticks;

    [Fact]
    public void A_saturated_processor_is_one_finding_within_half_an_hour_that_names_the_load_too()
    {
        var watch = Feed(At, At + 6, busy: true);
        var found = HostAnomaly.Observe(watch, 0, PerformanceThresholds.Default);
        Assert.NotNull(found);
        Assert.Equal(FindingKind.Anomaly, found.Kind);
        Assert.Equal(new FindingSubject("gpu-node-2", null, null, "cpu_percent"), found.Subject);
        Assert.Equal(TimeOf(At), found.Since);
        Assert.InRange(found.SinceLow, TimeOf(At - 2), found.Since);
        Assert.Null(found.Until);
        Assert.Equal(Severity.Critical, found.Severity);
        Assert.InRange(found.Confidence, 0.85, 0.999);
        Assert.Matches(@"^CPU of gpu-node-2 has been at 97(\.\d)? % since 2026-03-08 14:10 UTC; [\d.]+–[\d.]+ % is usual at this time\. Unusual too: load\.$", found.Sentence);
        Assert.Equal(97, found.Evidence.Single(number => number.Name == "observed").Value, 1.0);
        Assert.Contains(found.Evidence, number => number.Name == "share_load_5m");
    }

    [Fact]
    public void An_episode_that_is_over_has_an_end_and_is_no_longer_told_after_two_hours()
    {
        var watch = Feed(At, At + 20, busy: true, atEnd: At + 40);
        var found = HostAnomaly.Observe(watch, First + At + 40 - 24, PerformanceThresholds.Default);
        Assert.NotNull(found);
        Assert.Equal(TimeOf(At + 20), found.Until);
        Assert.Contains(" was at ", found.Sentence, StringComparison.Ordinal);
        Assert.Null(HostAnomaly.Observe(watch, First + At + 20, PerformanceThresholds.Default));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_single_outlier_or_two_are_nothing(int steps) =>
        Assert.Null(HostAnomaly.Observe(Feed(At, At + steps, busy: true, atEnd: At + 30), 0, PerformanceThresholds.Default));

    [Fact]
    public void A_busy_day_like_every_day_is_nothing() => Assert.Null(HostAnomaly.Observe(Feed(0, 0, busy: false), 0, PerformanceThresholds.Default));

    [Fact]
    public void Nothing_is_said_before_two_days_were_measured() =>
        Assert.Null(HostAnomaly.Observe(Feed(Day + 170, Day + 190, busy: true, atEnd: Day + 190), 0, PerformanceThresholds.Default));

    [Fact]
    public void A_batch_that_runs_every_night_is_nothing_from_the_third_night_on()
    {
        var watch = new HostWatch("gpu-node-2", 0);
        double[] cpu = [.. Enumerable.Range(0, 9 * Day).Select(t => t % Day is >= 24 and < 40 ? 95 : 10 + Wave(t))];
        Feed(watch, 9 * Day, (ResourceMetric.CpuPercent, cpu));
        Assert.Null(HostAnomaly.Observe(watch, 0, PerformanceThresholds.Default));
    }

    [Fact]
    public void A_leak_is_found_before_memory_is_full()
    {
        var watch = new HostWatch("gpu-node-2", 0);
        double[] memory = [.. Enumerable.Range(0, At + 48).Select(t => 40 + Wave(t) + (t < At ? 0 : (t - At) / 2.0))];
        Feed(watch, At + 48, (ResourceMetric.MemoryPercent, memory));
        var found = HostAnomaly.Observe(watch, 0, PerformanceThresholds.Default);
        Assert.NotNull(found);
        Assert.Equal("memory_percent", found.Subject.Measure);
        Assert.InRange(found.Since, TimeOf(At), TimeOf(At + 30));
    }

    [Fact]
    public void Totals_and_traffic_are_not_watched()
    {
        var watch = new HostWatch("gpu-node-2", 0);
        double[] stepped = [.. Enumerable.Range(0, At + 48).Select(t => t < At ? 1000.0 : 64000)];
        Feed(
            watch, At + 48, (ResourceMetric.MemoryTotalMb, stepped), (ResourceMetric.CpuCount, stepped), (ResourceMetric.NetworkRxBytesPerSecond, stepped),
            (ResourceMetric.DiskWriteBytesPerSecond, stepped));
        Assert.Null(HostAnomaly.Observe(watch, 0, PerformanceThresholds.Default));
    }

    [Fact]
    public void A_constant_metric_and_gaps_are_nothing()
    {
        var watch = new HostWatch("gpu-node-2", 0);
        double[] constant = [.. Enumerable.Range(0, At).Select(t => t % 500 < 100 ? double.NaN : 90.0)];
        Feed(watch, At, (ResourceMetric.CpuPercent, constant), (ResourceMetric.MemoryPercent, constant));
        Assert.Null(HostAnomaly.Observe(watch, 0, PerformanceThresholds.Default));
    }

    [Fact]
    public void A_new_level_has_become_usual_after_three_days()
    {
        var watch = new HostWatch("gpu-node-2", 0);
        int steps = At + (4 * Day);
        double[] memory = [.. Enumerable.Range(0, steps).Select(t => (t < At ? 40 : 75) + Wave(t))];
        Feed(watch, steps, (ResourceMetric.MemoryPercent, memory));
        Assert.False(watch.IsUnusual);
        Assert.Equal(First + At + (3 * Day), watch.EpisodeOf(watch.Lead!.Value)!.Until);
    }

    private static HostWatch Feed(int from, int to, bool busy, int atEnd = At + 6)
    {
        var watch = new HostWatch("gpu-node-2", 0);
        double[] cpu = [.. Enumerable.Range(0, atEnd).Select(t => busy && t >= from && t < to ? 97 + (Wave(t) / 10) : 20 + Daily(t) + Wave(t))];
        double[] load = [.. cpu.Select(value => value > 90 ? 30 : value / 10)];
        double[] memory = [.. Enumerable.Range(0, atEnd).Select(t => 55 + (Wave(t) / 4))];
        Feed(watch, atEnd, (ResourceMetric.CpuPercent, cpu), (ResourceMetric.Load5, load), (ResourceMetric.MemoryPercent, memory));
        return watch;
    }

    private static void Feed(HostWatch watch, int steps, params (ResourceMetric Metric, double[] Values)[] metrics)
    {
        ResourceSeries[] series = [.. metrics.Select(metric => new ResourceSeries("gpu-node-2", metric.Metric, TimeOf(0), SeriesWatch.Step, metric.Values))];
        for (int t = 0; t < steps; t++)
        {
            watch.Add(First + t, series, t);
        }
    }

    private static double Daily(int t) => 12 * Math.Sin(2 * Math.PI * (t % Day) / Day);

    // Irregular but reproducible, within ±3.
    private static double Wave(int t) => (3 * Math.Sin(t * 12.9898 * t)) % 3;

    private static DateTimeOffset TimeOf(long index) => new((First + index) * SeriesWatch.Step.Ticks, TimeSpan.Zero);
}
