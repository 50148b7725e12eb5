using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Analysis;

public sealed class PerformanceAnalyzerTests
{
    private readonly MemoryOperations _operations = new();
    private readonly MemoryResources _resources = new();

    [Fact]
    public async Task An_empty_portal_has_nothing_to_say_and_no_made_up_score()
    {
        var result = await Analyze();
        Assert.Equal(0, result.Summary.Count);
        Assert.Null(result.Summary.SuccessRate);
        Assert.Equal(6, result.Types.Count);
        Assert.Empty(result.Bottlenecks);
        Assert.Empty(result.Recommendations);
        Assert.Empty(result.Trends);
        Assert.False(result.Score.SufficientData);
        Assert.Null(result.Score.Value);

        // Only the partial minutes at both ends of the window are read as rows.
        Assert.Equal(2, _operations.RowReads);
    }

    [Theory]
    [InlineData("files", 2)]
    [InlineData("bytes_total", 3)]
    [InlineData("download_speed_bytes_per_second", 3)]
    public async Task Downloads_are_read_only_where_they_may_say_how_fast_they_were(string fact, int rowReads)
    {
        _operations.Ended.AddRange(Enumerable.Range(0, 20).Select(i => Days.Ended(3600 + (60 * i), 1) with
        {
            MetricType = MetricType.DownloadOperation,
            Metadata = Metadata.Of([new(fact, MetadataValue.From(7L))]),
        }));
        await Analyze();
        Assert.Equal(rowReads, _operations.RowReads);
    }

    [Fact]
    public async Task The_window_is_the_last_day_to_the_second()
    {
        _operations.Ended.AddRange([Days.Ended(1, 1), Days.Ended(86_400, 1), Days.Ended(86_401, 1), Days.Ended(7 * 3600, 1), Days.Ended(0, 1)]);
        var result = await Analyze();
        Assert.Equal(3, result.Summary.Count);
        Assert.Equal(3, result.OperationsExamined);
        Assert.Equal(3, result.Types[MetricType.ModelOperation].Count);
        Assert.Equal(1.0, result.Summary.Mean);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(25)]
    public async Task Where_only_rollups_remain_nothing_is_counted_twice(int retentionHours)
    {
        for (int minute = 0; minute < 30 * 60; minute++)
        {
            _operations.Ended.Add(Days.Ended(minute * 60 + 30, 1));
        }

        var result = await Analyze(retentionHours: retentionHours);
        Assert.InRange(result.Summary.Count, 1440, 1441);
    }

    [Fact]
    public async Task The_portals_own_operations_are_left_out_unless_asked_for()
    {
        _operations.Ended.AddRange([Days.Ended(10, 1), Days.Ended(10, 1, source: PortalSource.Name)]);
        Assert.Equal(1, (await Analyze()).Summary.Count);
        Assert.Equal(1, (await Analyze(source: PortalSource.Name)).Summary.Count);
        Assert.Equal(0, (await Analyze(source: "elsewhere")).Summary.Count);
    }

    [Fact]
    public async Task Slow_operations_near_the_limit_are_counted_exactly()
    {
        // The sketch cannot tell 30.1 s from 30 s.
        _operations.Ended.AddRange([.. Days.Many(80, 1), .. Days.Many(11, 30.0), .. Days.Many(10, 30.1)]);
        Assert.Empty((await Analyze()).Bottlenecks);

        _operations.Ended.AddRange(Days.Many(1, 30.1));
        var found = Assert.Single((await Analyze()).Bottlenecks);
        Assert.Equal(BottleneckKinds.SlowOperations, found.Kind);
        Assert.Equal(11, found.Evidence.BeyondLimit);
    }

    [Fact]
    public async Task Slow_operations_come_with_the_five_worst_and_the_first()
    {
        _operations.Ended.AddRange(Days.Many(50, 1));
        var slow = Enumerable.Range(0, 10).Select(i => Days.Ended(600 + i * 600, 40 + i)).ToList();
        _operations.Ended.AddRange(slow);
        _operations.Ended.Add(Days.Ended(60, 500, status: OperationStatus.Cancelled));
        var found = (await Analyze()).Bottlenecks.Single(bottleneck => bottleneck.Kind == BottleneckKinds.SlowOperations);
        Assert.Equal(slow.Skip(5).Reverse().Select(operation => operation.Id), found.Evidence.WorstOperations.Select(operation => operation.Id));
        Assert.Equal(slow[^1].EndTime, found.Since);
        Assert.Equal(49, found.Evidence.WorstOperations[0].DurationSeconds);
    }

    [Fact]
    public async Task Failures_come_with_the_latest_and_the_first()
    {
        _operations.Ended.AddRange(Days.Many(50, 1));
        var failed = Enumerable.Range(0, 8).Select(i => Days.Ended(600 + i * 600, 1, status: OperationStatus.Failed, error: "TimeoutException")).ToList();
        _operations.Ended.AddRange(failed);
        var result = await Analyze();
        var found = Assert.Single(result.Bottlenecks);
        Assert.Equal(failed.Take(5).Select(operation => operation.Id), found.Evidence.WorstOperations.Select(operation => operation.Id));
        Assert.Equal(failed[^1].EndTime, found.Since);
        Assert.Single(result.Recommendations, item => item.Kind == "recurring_failure");
    }

    [Fact]
    public async Task A_degradation_compares_the_windows_that_are_configured()
    {
        // Slow for the last two hours; the day before was slow as well, the two days before that were fast.
        for (int i = 0; i < 800; i++)
        {
            double hours = i / 10.0;
            _operations.Ended.Add(Days.Ended(600 + (hours * 3600), (hours < 2 || hours is > 4 and < 26 ? 2 : 1) + (i * 0.0001), name: "load"));
        }

        Assert.Empty((await Analyze()).Bottlenecks);
        var found = Assert.Single((await Analyze(windows: new() { Recent = TimeSpan.FromHours(2), Baseline = TimeSpan.FromDays(3) })).Bottlenecks);
        Assert.Equal(BottleneckKinds.Degradation, found.Kind);
        Assert.Contains("compared with the previous 3 days.", found.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_degradation_compares_the_last_six_hours_with_the_day_before()
    {
        for (int i = 0; i < 200; i++)
        {
            _operations.Ended.Add(Days.Ended(600 + i * 500, i < 40 ? 2 + i * 0.01 : 1 + i * 0.001, name: "load"));
        }

        var found = Assert.Single((await Analyze()).Bottlenecks);
        Assert.Equal(BottleneckKinds.Degradation, found.Kind);
        Assert.Equal("load", found.OperationName);

        // The first of the forty slow ones, not the start of the six hours.
        Assert.Equal(_operations.Ended[39].EndTime, found.Since);
        Assert.Equal(5, found.Evidence.WorstOperations.Count);
    }

    [Fact]
    public async Task A_condition_that_held_for_days_began_then_and_its_start_does_not_move_with_the_window()
    {
        // Every ten minutes for eight days; since three days and four hours ago each third one is slow.
        var began = Days.Now.AddHours(-76);
        for (int i = 0; i < 8 * 144; i++)
        {
            var end = Days.Now.AddMinutes(-10 * i - 1);
            _operations.Ended.Add(Days.Ended((Days.Now - end).TotalSeconds, end > began && i % 3 == 0 ? 90 : 1));
        }

        var first = _operations.Ended.Where(operation => operation.Duration!.Value.TotalSeconds > 30).Min(operation => operation.EndTime);
        foreach (int hours in (int[])[0, 1, 5, 12])
        {
            var found = (await Analyze(at: Days.Now.AddHours(-hours))).Bottlenecks.Single(bottleneck => bottleneck.Kind == BottleneckKinds.SlowOperations);
            Assert.Equal(first, found.Since);
        }
    }

    [Fact]
    public async Task An_episode_that_was_over_for_days_is_not_when_a_new_one_began()
    {
        for (int i = 0; i < 6 * 144; i++)
        {
            double hoursAgo = i / 6.0;
            bool isFailed = hoursAgo is > 100 and < 130 || (hoursAgo < 3 && i % 2 == 0);
            _operations.Ended.Add(Days.Ended(60 + 600 * i, 1, status: isFailed ? OperationStatus.Failed : OperationStatus.Succeeded));
        }

        var found = (await Analyze()).Bottlenecks.Single(bottleneck => bottleneck.Kind == BottleneckKinds.HighFailureRate);
        Assert.Equal(_operations.Ended[16].EndTime, found.Since);
    }

    [Fact]
    public async Task A_host_that_was_busy_for_days_has_been_so_since_then()
    {
        var began = Days.Now.AddHours(-60);
        _resources.Fill(Days.Host, new(Days.Now.AddDays(-5), Days.Now), TimeSpan.FromMinutes(1), ResourceMetric.CpuPercent, at => at >= began ? 95 : 5);
        var found = (await Analyze()).Bottlenecks.Single(bottleneck => bottleneck.Kind == BottleneckKinds.HighCpu);
        Assert.InRange(found.Since!.Value, began.AddHours(-1), began.AddHours(1));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(100)]
    public async Task An_onset_is_never_before_the_first_sample_that_shows_it(int minutes)
    {
        // The hour began before the portal did.
        var first = Days.Now.AddMinutes(-minutes);
        _resources.Fill(Days.Host, new(first, Days.Now), TimeSpan.FromSeconds(10), ResourceMetric.CpuPercent, _ => 100);
        _resources.Fill("host-b", new(first, Days.Now), TimeSpan.FromSeconds(10), ResourceMetric.DiskFreeGb, _ => 2);
        var found = (await Analyze()).Bottlenecks;
        Assert.Equal([BottleneckKinds.HighCpu, BottleneckKinds.LowDisk], found.Select(bottleneck => bottleneck.Kind).Order(StringComparer.Ordinal));
        Assert.All(found, bottleneck => Assert.InRange(bottleneck.Since!.Value, first.AddMinutes(-1), first.AddMinutes(1)));
    }

    [Fact]
    public async Task A_host_that_was_busy_for_days_began_at_a_minute_and_not_at_the_hour()
    {
        var began = new DateTimeOffset(2026, 3, 8, 4, 40, 0, TimeSpan.Zero);
        _resources.Fill(Days.Host, new(Days.Now.AddDays(-5), Days.Now), TimeSpan.FromMinutes(1), ResourceMetric.CpuPercent, at => at >= began ? 95 : 5);
        var found = (await Analyze()).Bottlenecks.Single(bottleneck => bottleneck.Kind == BottleneckKinds.HighCpu);
        Assert.InRange(found.Since!.Value, began.AddMinutes(-1), began.AddMinutes(1));
    }

    [Fact]
    public async Task What_began_minutes_ago_is_not_summed_up_to_a_day()
    {
        for (int i = 0; i < 40; i++)
        {
            _operations.Ended.Add(Days.Ended(10 * (i + 1), 1, name: "new", status: OperationStatus.Failed, error: "Timeout"));
            _operations.Ended.Add(Days.Ended(10 * (i + 1), 1, name: "old", status: OperationStatus.Failed, error: "Timeout"));
        }

        _operations.Ended.Add(Days.Ended(40 * 3600, 1, name: "old"));
        var found = (await Analyze()).Recommendations.Where(item => item.Kind == RecommendationKinds.RecurringFailure).ToDictionary(item => item.OperationName!);
        Assert.StartsWith("Up to 40 fewer failures in the 7 min observed so far; ", found["new"].Gain.Text, StringComparison.Ordinal);
        Assert.InRange(found["new"].Evidence.Single(number => number.Name == "observed_time").Value, 390, 460);
        Assert.StartsWith("Up to 40 fewer failures a day; ", found["old"].Gain.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(found["old"].Evidence, number => number.Name == "observed_time");
    }

    [Fact]
    public async Task The_disk_of_a_past_moment_is_that_of_the_last_sample_before_it()
    {
        var freed = Days.Now.AddHours(-4);
        _resources.Fill(Days.Host, new(Days.Now.AddHours(-30), Days.Now), TimeSpan.FromMinutes(1), ResourceMetric.DiskFreeGb, at => at >= freed ? 90 : 2);
        Assert.Empty((await Analyze()).Bottlenecks);
        var found = Assert.Single((await Analyze(at: Days.Now.AddHours(-6))).Bottlenecks);
        Assert.Equal((BottleneckKinds.LowDisk, 2.0), (found.Kind, found.Value));
        Assert.InRange(found.Since!.Value, Days.Now.AddHours(-31), Days.Now.AddHours(-29));
    }

    [Fact]
    public async Task A_busy_host_names_what_ran_then()
    {
        var busy = new TimeRange(Days.Now.AddHours(-5), Days.Now.AddHours(-2));
        _resources.Fill(Days.Host, new(Days.Now.AddHours(-10), Days.Now), TimeSpan.FromSeconds(30), ResourceMetric.CpuPercent, at => busy.Contains(at) ? 95 : 5);
        var during = Days.Ended(3 * 3600, 600, name: "during");
        var across = Days.Ended(3600, 3 * 3600, name: "across");
        var running = Days.Ended(0, 4 * 3600, name: "running") with { Status = OperationStatus.Running, EndTime = null };
        _operations.Ended.AddRange([during, across, Days.Ended(3600, 60, name: "after"), Days.Ended(6 * 3600, 60, name: "before")]);
        _operations.Ended.Add(Days.Ended(3 * 3600, 3000, name: "on another host", source: "host-b"));
        _operations.Running.AddRange([running, running with { Id = Guid.NewGuid(), StartTime = Days.Now.AddMinutes(-5) }]);

        var result = await Analyze();
        var found = result.Bottlenecks.Single(bottleneck => bottleneck.Kind == BottleneckKinds.HighCpu);
        Assert.Equal(["running", "across", "during"], found.Evidence.Running.Select(operation => operation.Name));
        Assert.True(result.SamplesExamined is > 590 and < 610);
        Assert.Equal(5, result.Trends.Count);
    }

    [Fact]
    public async Task Hosts_that_were_silent_for_a_day_are_left_out()
    {
        _resources.Add(new ResourceSample("gone", Days.Now.AddHours(-25)) { [ResourceMetric.DiskFreeGb] = 0.1 }, TimeSpan.FromSeconds(30));
        _resources.Add(new ResourceSample("here", Days.Now.AddMinutes(-1)) { [ResourceMetric.DiskFreeGb] = 0.1 }, TimeSpan.FromSeconds(30));
        Assert.Equal("here", Assert.Single((await Analyze()).Bottlenecks).Source);
        Assert.Empty((await Analyze(source: "other")).Bottlenecks);
    }

    private Task<AnalysisResult> Analyze(string? source = null, int retentionHours = 168, DateTimeOffset? at = null, AnalysisWindows? windows = null)
    {
        var time = new FakeTimeProvider(Days.Now);
        var analyzer = new PerformanceAnalyzer(_operations.Statistics(time, retentionHours), _operations, new(_operations, time), _resources, time, windows);
        return analyzer.AnalyzeAsync(new(source, PerformanceThresholds.Default, at ?? Days.Now), TestContext.Current.CancellationToken);
    }
}
