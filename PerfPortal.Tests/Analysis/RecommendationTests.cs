using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Analysis.Recommendations;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using Xunit;

namespace PerfPortal.Tests.Analysis;

public sealed class RecommendationTests
{
    private const double Mega = 1e6;

    [Fact]
    public void Long_downloads_on_a_network_with_room_are_to_run_in_parallel()
    {
        var roomy = Days.Measured(ResourceMetric.NetworkRxBytesPerSecond, 1, _ => 20 * Mega);
        var found = Find(RecommendationKinds.ParallelDownloads, Downloads(3, 400, ("download_speed_bytes_per_second", MetadataValue.From(10 * Mega))), roomy);

        // Room for two connections: half of the time.
        Assert.Equal(200, found!.Gain.Value!.Value, 6);
        Assert.Equal("s per download", found.Gain.Unit);
        Assert.Equal(400, Number(found, "mean_duration"), 6);

        Assert.Null(Find(RecommendationKinds.ParallelDownloads, Downloads(3, 300, ("download_speed_bytes_per_second", MetadataValue.From(10 * Mega))), roomy));
        Assert.Null(Find(RecommendationKinds.ParallelDownloads, Downloads(2, 400), roomy));
        Assert.Null(Find(RecommendationKinds.ParallelDownloads, Downloads(3, 400, ("download_speed_bytes_per_second", MetadataValue.From(15 * Mega))), roomy));
    }

    [Fact]
    public void Rules_use_the_slow_limit_of_the_type_or_of_the_name_and_not_the_general_one()
    {
        static bool IsFound(string kind, IEnumerable<Operation> operations, Func<PerformanceThresholds, PerformanceThresholds> edit) =>
            RecommendationRules.Advise(Days.Input(operations, thresholds: edit(PerformanceThresholds.Default))).Any(item => item.Kind == kind);
        static PerformanceThresholds Named(PerformanceThresholds thresholds, string name, double seconds) =>
            thresholds with { SlowOperationSecondsByName = thresholds.SlowOperationSecondsByName.With(name, seconds) };

        // Each is beyond its limit by default; the general limit does not matter, that of the name does.
        (string Kind, string Name, double Higher, List<Operation> Operations)[] cases =
        [
            (RecommendationKinds.ParallelDownloads, "fetch", 900, [.. Downloads(3, 400)]),
            (RecommendationKinds.HealthCheckCache, "verify", 150, [.. Checks(10, 31)]),
            (RecommendationKinds.TailLatency, "fetch", 4_000, [.. Downloads(90, 50), .. Downloads(10, 300)]),
        ];
        foreach (var (kind, name, higher, operations) in cases)
        {
            Assert.True(IsFound(kind, operations, thresholds => thresholds), kind);
            Assert.True(IsFound(kind, operations, thresholds => thresholds with { SlowOperationSeconds = 100_000 }), kind);
            Assert.False(IsFound(kind, operations, thresholds => Named(thresholds, name, higher)), kind);
            Assert.True(IsFound(kind, operations, thresholds => Named(thresholds, "another", higher)), kind);
        }

        // A tail of downloads of 20 s does not matter; one of a model operation does.
        Assert.False(IsFound(RecommendationKinds.TailLatency, [.. Downloads(90, 1), .. Downloads(10, 20)], thresholds => thresholds));
    }

    [Fact]
    public void Without_measurements_of_the_network_the_gain_is_not_made_up()
    {
        var found = Find(RecommendationKinds.ParallelDownloads, Downloads(3, 400));
        Assert.Null(found!.Gain.Value);
        Assert.DoesNotContain(found.Evidence, number => number.Name == "network_peak");
    }

    [Fact]
    public void Downloads_that_slow_each_other_down_are_to_share_the_bandwidth_out()
    {
        var found = Find(RecommendationKinds.Bandwidth, Overlapping(10 * Mega, 5 * Mega));
        Assert.Equal(2, Number(found!, "downloads_at_once"), 6);
        Assert.Equal(25, found!.Gain.Value!.Value, 6);
        Assert.Null(Find(RecommendationKinds.Bandwidth, Overlapping(10 * Mega, 7.5 * Mega)));
        Assert.Null(Find(RecommendationKinds.Bandwidth, Overlapping(10 * Mega, 5 * Mega, pairs: 3)));
    }

    [Fact]
    public void More_than_one_retry_per_download_is_too_many()
    {
        var found = Find(RecommendationKinds.Retries, [.. Downloads(5, 30, ("retry_count", MetadataValue.From(1L))), .. Downloads(5, 30, ("retry_count", MetadataValue.From(5L)))]);

        // Three of four attempts brought nothing in 300 s.
        Assert.Equal(225, found!.Gain.Value!.Value, 6);
        Assert.Null(Find(RecommendationKinds.Retries, Downloads(10, 30, ("retry_count", MetadataValue.From(1L)))));
        Assert.Null(Find(RecommendationKinds.Retries, Downloads(9, 30, ("retry_count", MetadataValue.From(5L)))));
    }

    [Fact]
    public void Long_health_checks_that_find_nothing_are_to_be_kept()
    {
        var found = Find(RecommendationKinds.HealthCheckCache, Checks(10, 31));
        Assert.Equal(6 * 31, found!.Gain.Value!.Value, 6);
        Assert.Equal("verify", found.OperationName);
        Assert.Null(Find(RecommendationKinds.HealthCheckCache, Checks(10, 30)));
        Assert.Null(Find(RecommendationKinds.HealthCheckCache, Checks(9, 100)));
        Assert.Null(Find(RecommendationKinds.HealthCheckCache, [.. Checks(20, 31), .. Checks(1, 31, corrupt: true)]));
        Assert.Null(Find(RecommendationKinds.HealthCheckCache, Days.Many(20, 31, MetricType.HealthCheck, "verify")));
    }

    [Fact]
    public void Frequent_health_checks_that_find_nothing_are_to_run_less_often()
    {
        Assert.Equal(25, Find(RecommendationKinds.HealthCheckFrequency, Checks(49, 0.1))!.Gain.Value);
        Assert.Null(Find(RecommendationKinds.HealthCheckFrequency, Checks(48, 0.1)));
        Assert.Null(Find(RecommendationKinds.HealthCheckFrequency, [.. Checks(60, 0.1), .. Checks(1, 0.1, corrupt: true)]));
    }

    [Fact]
    public void A_disk_with_less_than_twice_the_limit_is_to_be_cleaned_up()
    {
        var found = Find(RecommendationKinds.DiskCleanup, [], Days.Measured(ResourceMetric.DiskFreeGb, 1, _ => 9.5));
        Assert.Equal(0.5, found!.Gain.Value!.Value, 9);
        Assert.Equal(Days.Host, found.Source);
        Assert.Null(Find(RecommendationKinds.DiskCleanup, [], Days.Measured(ResourceMetric.DiskFreeGb, 1, _ => 10)));
    }

    [Theory]
    [InlineData(ResourceMetric.MemoryPercent, RecommendationKinds.MemoryCleanup, 85)]
    [InlineData(ResourceMetric.CpuPercent, RecommendationKinds.CpuLoad, 80)]
    [InlineData(ResourceMetric.GpuMemoryPercent, RecommendationKinds.GpuMemoryCleanup, 90)]
    public void A_resource_under_pressure_is_to_be_relieved(ResourceMetric metric, string kind, double limit)
    {
        Assert.NotNull(Find(kind, [], Days.Measured(metric, 10, at => at > Days.Now.AddMinutes(-150) ? limit + 5 : 10)));
        Assert.Null(Find(kind, [], Days.Measured(metric, 10, at => at > Days.Now.AddMinutes(-110) ? limit + 5 : 10)));
        Assert.Null(Find(kind, [], Days.Measured(metric, 10, _ => limit)));
    }

    [Fact]
    public void Memory_to_be_freed_is_said_in_mebibytes()
    {
        var found = Find(RecommendationKinds.MemoryCleanup, [], Days.Measured(ResourceMetric.MemoryPercent, 1, _ => 95, (ResourceMetric.MemoryTotalMb, 32_000)));
        Assert.Equal(3200, found!.Gain.Value!.Value, 6);
        Assert.Equal("MiB", found.Gain.Unit);
    }

    [Fact]
    public void Many_alternatives_are_to_be_ordered()
    {
        var found = Find(RecommendationKinds.FallbackOrder, Fallbacks(10, 2, ("alternatives_considered", MetadataValue.From(8L))));
        Assert.Equal(1.5, found!.Gain.Value!.Value, 9);
        Assert.Null(Find(RecommendationKinds.FallbackOrder, Fallbacks(10, 2, ("alternatives_considered", MetadataValue.From(3L)))));
        Assert.Null(Find(RecommendationKinds.FallbackOrder, Fallbacks(9, 2, ("alternatives_considered", MetadataValue.From(8L)))));
    }

    [Fact]
    public void Few_hits_of_the_cache_are_to_become_more()
    {
        var found = Find(
            RecommendationKinds.FallbackCache,
            [.. Fallbacks(4, 3, ("cache_hit", MetadataValue.From(true))), .. Fallbacks(6, 3, ("cache_hit", MetadataValue.From(false)))]);
        Assert.Equal(30 * 0.4 / 0.6, found!.Gain.Value!.Value, 9);
        Assert.Null(Find(
            RecommendationKinds.FallbackCache,
            [.. Fallbacks(5, 3, ("cache_hit", MetadataValue.From(true))), .. Fallbacks(5, 3, ("cache_hit", MetadataValue.From(false)))]));
    }

    [Fact]
    public void Alternatives_that_fit_badly_are_to_be_replaced()
    {
        Assert.Equal(0.1, Find(RecommendationKinds.FallbackCompatibility, Fallbacks(10, 1, ("compatibility_score", MetadataValue.From(0.6))))!.Gain.Value!.Value, 9);
        Assert.Null(Find(RecommendationKinds.FallbackCompatibility, Fallbacks(10, 1, ("compatibility_score", MetadataValue.From(0.71)))));
    }

    [Fact]
    public void A_model_that_is_loaded_again_and_again_is_to_be_kept()
    {
        var found = Find(RecommendationKinds.ModelLoading, Days.Many(10, 10, facts: ("load_seconds", MetadataValue.From(4.0))));
        Assert.Equal(36, found!.Gain.Value!.Value, 6);
        Assert.Equal(0.4, Number(found, "share_of_time"), 6);
        Assert.Null(Find(RecommendationKinds.ModelLoading, Days.Many(10, 10, facts: ("load_seconds", MetadataValue.From(2.9)))));
        Assert.Null(Find(RecommendationKinds.ModelLoading, Days.Many(9, 10, facts: ("load_seconds", MetadataValue.From(4.0)))));
    }

    [Fact]
    public void A_long_tail_is_to_be_looked_into()
    {
        var found = Find(RecommendationKinds.TailLatency, [.. Days.Many(90, 1), .. Days.Many(10, 20)]);
        Assert.InRange(found!.Gain.Value!.Value, 100 * 0.05 * 18.5, 100 * 0.05 * 19.5);
        Assert.Null(Find(RecommendationKinds.TailLatency, [.. Days.Many(90, 1), .. Days.Many(10, 4.8)]));
        Assert.Null(Find(RecommendationKinds.TailLatency, [.. Days.Many(90, 0.1), .. Days.Many(10, 2.5)]));
        Assert.Null(Find(RecommendationKinds.TailLatency, [.. Days.Many(44, 1), .. Days.Many(5, 20)]));
    }

    [Fact]
    public void One_error_behind_half_of_the_failures_is_to_be_removed()
    {
        var found = Find(RecommendationKinds.RecurringFailure, [.. Days.Many(90, 1), .. Failed(6, "TimeoutException"), .. Failed(4, "IOException")]);
        Assert.Equal(6, found!.Gain.Value!.Value, 9);
        Assert.Equal(0.96, Number(found, "success_rate_without"), 9);
        Assert.Contains("TimeoutException", found.Title, StringComparison.Ordinal);

        Assert.Null(Find(RecommendationKinds.RecurringFailure, [.. Days.Many(95, 1), .. Failed(5, "TimeoutException")]));
        Assert.Null(Find(RecommendationKinds.RecurringFailure, [.. Days.Many(10, 1), .. Failed(4, "TimeoutException")]));
        Assert.Null(Find(RecommendationKinds.RecurringFailure, [.. Days.Many(10, 1), .. Failed(5, "A"), .. Failed(5, "B"), .. Failed(5, "C")]));
        Assert.Null(Find(RecommendationKinds.RecurringFailure, [.. Days.Many(10, 1), .. Failed(10, null)]));
    }

    [Fact]
    public void Inefficient_collections_are_to_become_better()
    {
        IEnumerable<Operation> Collections(double efficiency) =>
            Days.Many(10, 5, MetricType.AnalyticsCollection, "usage", facts: ("collection_efficiency", MetadataValue.From(efficiency)));
        Assert.Equal(20, Find(RecommendationKinds.AnalyticsEfficiency, Collections(0.6))!.Gain.Value!.Value, 6);
        Assert.Null(Find(RecommendationKinds.AnalyticsEfficiency, Collections(0.81)));
    }

    [Fact]
    public void A_recommendation_has_the_same_id_tomorrow_and_another_for_another_subject()
    {
        string Id(string name) => RecommendationRules.Advise(Days.Input(Days.Many(49, 0.1, MetricType.HealthCheck, name, facts: ("corruption_detected", MetadataValue.From(false)))))
            .Single(item => item.Kind == RecommendationKinds.HealthCheckFrequency).Id;
        Assert.Equal(Id("a"), Id("a"));
        Assert.NotEqual(Id("a"), Id("b"));
        Assert.Equal(32, Id("a").Length);
    }

    [Fact]
    public void An_empty_portal_and_a_host_without_sensors_get_no_advice()
    {
        var resources = new MemoryResources();
        resources.Add(new ResourceSample(Days.Host, Days.Now), TimeSpan.FromSeconds(30));
        Assert.Empty(RecommendationRules.Advise(Days.Input([])));
        Assert.Empty(RecommendationRules.Advise(Days.Input([], [resources.Host(Days.Host)])));
    }

    private static Recommendation? Find(string kind, IEnumerable<Operation> operations, params HostResources[] hosts) =>
        RecommendationRules.Advise(Days.Input(operations, hosts)).SingleOrDefault(item => item.Kind == kind);

    private static double Number(Recommendation recommendation, string name) => recommendation.Evidence.Single(number => number.Name == name).Value;

    private static IEnumerable<Operation> Downloads(int count, double duration, params (string Name, MetadataValue Value)[] facts) =>
        Days.Many(count, duration, MetricType.DownloadOperation, "fetch", facts: facts);

    private static IEnumerable<Operation> Fallbacks(int count, double duration, params (string Name, MetadataValue Value)[] facts) =>
        Days.Many(count, duration, MetricType.FallbackStrategy, "fallback", facts: facts);

    private static IEnumerable<Operation> Checks(int count, double duration, bool corrupt = false) =>
        Days.Many(count, duration, MetricType.HealthCheck, "verify", facts: ("corruption_detected", MetadataValue.From(corrupt)));

    private static IEnumerable<Operation> Failed(int count, string? error) => Days.Many(count, 1, status: OperationStatus.Failed, error: error);

    /// <summary>Ten downloads that run alone, and pairs that run at the same time; all of them for 100 s.</summary>
    private static List<Operation> Overlapping(double alone, double beside, int pairs = 5)
    {
        var downloads = new List<Operation>();
        for (int i = 0; i < 10; i++)
        {
            downloads.Add(Days.Ended(200 * i, 100, MetricType.DownloadOperation, "fetch", facts: ("download_speed_bytes_per_second", MetadataValue.From(alone + i))));
        }

        for (int i = 0; i < 2 * pairs; i++)
        {
            downloads.Add(Days.Ended(
                10_000 + 200 * (i / 2), 100, MetricType.DownloadOperation, "fetch", facts: ("download_speed_bytes_per_second", MetadataValue.From(beside + i))));
        }

        return downloads;
    }
}
