using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Analysis.Suggestions;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using Xunit;

namespace PerfPortal.Tests.Analysis.Suggestions;

public sealed class ThresholdAdvisorTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Days.Now);
    private readonly MemoryOperations _operations = new();
    private readonly MemoryResources _resources = new();

    [Fact]
    public async Task The_slow_limit_of_a_type_follows_the_days_on_which_it_would_have_been_exceeded()
    {
        // Each day 100 downloads of 1 to 100 s, on one day of 14 three times as long: a tenth takes longer than 90 s, then 270 s.
        for (int day = 1; day <= 14; day++)
        {
            int factor = day == 3 ? 3 : 1;
            _operations.Ended.AddRange(Enumerable.Range(1, 100).Select(i => Ended(day, i, i * factor)));
        }

        var suggestion = (await SuggestAsync()).Single(item => item.WireName == "slow_operation_seconds_download_operation");
        Assert.Equal(14, suggestion.Days);
        Assert.Equal(600, suggestion.Current);
        Assert.Equal(0, suggestion.CurrentAlarmRate);

        // The 95th percentile of 14 days is the largest of them.
        Assert.InRange(suggestion.Suggested!.Value, 270, 280);
        Assert.Equal(0, suggestion.SuggestedAlarmRate);
        Assert.Contains("would have been exceeded on 0 % of 14 days; 600 s was on 0 %.", suggestion.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_that_is_exceeded_each_day_is_raised_with_both_rates()
    {
        for (int day = 1; day <= 10; day++)
        {
            _operations.Ended.AddRange(Enumerable.Range(1, 100).Select(i => Ended(day, i, 700 + i)));
        }

        var suggestion = (await SuggestAsync()).Single(item => item.WireName == "slow_operation_seconds_download_operation");
        Assert.Equal((1, 0), (suggestion.CurrentAlarmRate, suggestion.SuggestedAlarmRate));
        Assert.InRange(suggestion.Suggested!.Value, 790, 810);
        Assert.True(suggestion.IsChange);
    }

    [Fact]
    public async Task A_host_that_is_busy_by_day_gets_a_limit_above_its_days()
    {
        // 90 % in eight hours of each day: above any lower limit for a third of the time.
        _resources.Fill("gpu-1", new(Midnight.AddDays(-14), Midnight), TimeSpan.FromMinutes(20), ResourceMetric.CpuPercent, at => at.Hour is >= 8 and < 16 ? 90 : 20);
        var suggestion = (await SuggestAsync()).Single(item => item.WireName == "high_cpu_percent");
        Assert.Equal((14, 1.0, 0.0), (suggestion.Days, suggestion.CurrentAlarmRate, suggestion.SuggestedAlarmRate));
        Assert.InRange(suggestion.Suggested!.Value, 90, 91);
    }

    [Fact]
    public async Task Hosts_that_are_half_idle_and_checks_that_take_seconds_lower_no_limit()
    {
        _resources.Fill("gpu-1", new(Midnight.AddDays(-14), Midnight), TimeSpan.FromMinutes(20), ResourceMetric.CpuPercent, at => at.Hour is >= 8 and < 16 ? 49 : 20);
        _resources.Fill("gpu-1", new(Midnight.AddDays(-14), Midnight), TimeSpan.FromMinutes(20), ResourceMetric.MemoryPercent, _ => 51);
        for (int day = 1; day <= 10; day++)
        {
            _operations.Ended.AddRange(Enumerable.Range(1, 100).Select(i => Ended(day, i, 2)));
        }

        var suggestions = await SuggestAsync();
        Assert.Equal("80 % fits: exceeded on 0 % of 14 days of hosts. Nothing below 70 % is suggested.", suggestions.Single(item => item.WireName == "high_cpu_percent").Sentence);
        Assert.DoesNotContain(suggestions, item => item.IsChange);
        Assert.Equal("5 % fits: exceeded on 0 % of 10 days. Nothing below 2 % is suggested.", suggestions.Single(item => item.WireName == "failure_rate").Sentence);
    }

    [Fact]
    public async Task A_limit_below_what_is_a_problem_is_raised_to_it()
    {
        _resources.Fill("gpu-1", new(Midnight.AddDays(-14), Midnight), TimeSpan.FromMinutes(20), ResourceMetric.CpuPercent, _ => 49);
        var suggestion = (await SuggestAsync(PerformanceThresholds.Default with { HighCpuPercent = 40 })).Single(item => item.WireName == "high_cpu_percent");
        Assert.Equal((70, "70 % would have been exceeded on 0 % of 14 days of hosts; 40 % was on 100 %."), (suggestion.Suggested, suggestion.Sentence));
    }

    [Fact]
    public async Task A_limit_that_fits_is_kept_and_few_days_are_not_enough()
    {
        _resources.Fill("gpu-1", new(Midnight.AddDays(-14), Midnight), TimeSpan.FromMinutes(20), ResourceMetric.MemoryPercent, _ => 81.5);
        _resources.Fill("gpu-1", new(Midnight.AddDays(-3), Midnight), TimeSpan.FromMinutes(20), ResourceMetric.CpuPercent, _ => 50);
        var suggestions = await SuggestAsync();
        var memory = suggestions.Single(item => item.WireName == "high_memory_percent");
        Assert.False(memory.IsChange);
        Assert.StartsWith("85 % fits", memory.Sentence, StringComparison.Ordinal);
        var cpu = suggestions.Single(item => item.WireName == "high_cpu_percent");
        Assert.Null(cpu.Suggested);
        Assert.Equal("Not enough data: 3 of 5 days of hosts.", cpu.Sentence);
        Assert.Null(suggestions.Single(item => item.WireName == "failure_rate").Suggested);
    }

    [Fact]
    public void Only_changes_are_applied()
    {
        var now = PerformanceThresholds.Default;
        Assert.Equal(now, ThresholdAdvisor.Apply(now, [new("high_cpu_percent", 80, null, null, null, 2, ""), new("failure_rate", 0.05, 0.05, 0, 0, 9, "")]));
        var tuned = ThresholdAdvisor.Apply(now, [new("high_cpu_percent", 80, 91, 1, 0, 14, ""), new("slow_operation_seconds_download_operation", 600, 270, 0, 0, 14, "")]);
        Assert.Equal((91, 270), (tuned.HighCpuPercent, tuned.SlowLimit(MetricType.DownloadOperation)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-3, 0)]
    [InlineData(1.234, 1.3)]
    [InlineData(120, 120)]
    [InlineData(121, 130)]
    [InlineData(0.0123, 0.013)]
    public void Limits_are_rounded_up_to_two_digits(double value, double rounded) => Assert.Equal(rounded, DailyLimit.TwoDigits(value), 9);

    private static Operation Ended(int daysAgo, int minute, double seconds) =>
        Days.Ended((Days.Now - Midnight.AddDays(-daysAgo).AddMinutes(minute * 14)).TotalSeconds, seconds, MetricType.DownloadOperation, "fetch");

    private Task<IReadOnlyList<ThresholdSuggestion>> SuggestAsync(PerformanceThresholds? thresholds = null)
    {
        var horizons = Days.Horizons(_time, 720);
        var statistics = _operations.Statistics(_time, 720);
        return new ThresholdAdvisor(new SeriesReader(statistics, _resources, horizons, _time), statistics, _time).SuggestAsync(thresholds ?? PerformanceThresholds.Default, TestContext.Current.CancellationToken);
    }
}
