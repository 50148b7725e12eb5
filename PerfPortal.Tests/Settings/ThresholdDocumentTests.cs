using System.Text.Json;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using Xunit;

namespace PerfPortal.Tests.Settings;

public sealed class ThresholdDocumentTests
{
    [Fact]
    public void The_document_holds_the_stated_defaults_under_their_wire_names()
    {
        var document = ThresholdDocument.Write(PerformanceThresholds.Default);

        var stated = new Dictionary<string, object>
        {
            ["slow_operation_seconds"] = 30.0,
            ["p95_duration_seconds"] = 60.0,
            ["slow_operation_share"] = 0.1,
            ["failure_rate"] = 0.05,
            ["high_cpu_percent"] = 80.0,
            ["high_memory_percent"] = 85.0,
            ["resource_share"] = 0.2,
            ["low_disk_gb"] = 5.0,
            ["high_gpu_memory_percent"] = 90.0,
            ["degradation_ratio"] = 1.5,
        };
        foreach (string type in MetricTypes.WireNames)
        {
            stated["operation_timeout_seconds_" + type] = 86_400.0;
            stated["slow_operation_seconds_" + type] = type switch { "download_operation" => 600.0, "health_check" => 120.0, _ => 0.0 };
            stated["p95_duration_seconds_" + type] = type switch { "download_operation" => 1200.0, "health_check" => 240.0, _ => 0.0 };
        }

        Assert.Empty((IReadOnlyDictionary<string, double>)document["slow_operation_seconds_by_name"]);
        Assert.Equal(stated.OrderBy(pair => pair.Key), document.Where(pair => pair.Key != "slow_operation_seconds_by_name").OrderBy(pair => pair.Key));
    }

    [Fact]
    public void A_type_without_a_limit_of_its_own_follows_the_general_one_and_a_name_has_the_last_word()
    {
        var thresholds = Apply("""{ "slow_operation_seconds": 2, "p95_duration_seconds": 4, "slow_operation_seconds_health_check": 0, "slow_operation_seconds_by_name": { "train/7b": 7200 } }""").Thresholds!;
        Assert.Equal((2, 2, 600), (thresholds.SlowLimit(MetricType.ModelOperation, "load"), thresholds.SlowLimit(MetricType.HealthCheck), thresholds.SlowLimit(MetricType.DownloadOperation)));
        Assert.Equal(7200, thresholds.SlowLimit(MetricType.ModelOperation, "train/7b"));

        // A name that may take two hours does not lose points at four seconds.
        Assert.Equal((4, 7200, 1200), (thresholds.P95Limit(MetricType.ModelOperation, "load"), thresholds.P95Limit(MetricType.ModelOperation, "train/7b"), thresholds.P95Limit(MetricType.DownloadOperation, "x")));
    }

    [Fact]
    public void The_limits_of_names_are_replaced_as_a_whole_compared_by_value_and_checked_one_by_one()
    {
        var first = Apply("""{ "slow_operation_seconds_by_name": { "a": 1, "b": 2 } }""").Thresholds!;
        Assert.Equal(first, Apply("""{ "slow_operation_seconds_by_name": { "b": 2, "a": 1 } }""").Thresholds);
        using var other = JsonDocument.Parse("""{ "slow_operation_seconds_by_name": { "b": 3 } }""");
        var second = ThresholdDocument.Apply(first, other.RootElement).Thresholds!;
        Assert.Equal(["b"], second.SlowOperationSecondsByName.Keys);
        Assert.Equal(
            [("slow_operation_seconds_by_name/a", 1, 0), ("slow_operation_seconds_by_name/b", 2, 3)], ThresholdDocument.Differences(first, second));

        using var written = JsonDocument.Parse(JsonSerializer.Serialize(ThresholdDocument.Write(first)));
        Assert.Equal(first, ThresholdDocument.Apply(PerformanceThresholds.Default, written.RootElement).Thresholds);

        var wrong = Apply("""{ "slow_operation_seconds_by_name": { "a/b": 0, "": 1, "c": "2" } }""");
        Assert.Equal(
            ["/slow_operation_seconds_by_name/", "/slow_operation_seconds_by_name/a~1b", "/slow_operation_seconds_by_name/c"], wrong.Errors.Select(error => error.Pointer).Order());
        Assert.Single(Apply("""{ "slow_operation_seconds_by_name": [] }""").Errors);
        string many = string.Join(",", Enumerable.Range(0, NameLimits.MaxNames + 1).Select(i => $"\"n{i}\": 1"));
        Assert.Contains("maximum is 200", Assert.Single(Apply("{ \"slow_operation_seconds_by_name\": {" + many + "} }").Errors).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_partial_document_changes_what_it_names_and_ignores_what_nobody_knows()
    {
        var update = Apply("""{ "high_cpu_percent": 70, "operation_timeout_seconds_health_check": 60, "colour": "red", "HighMemoryPercent": "x" }""");

        var expected = PerformanceThresholds.Default with
        {
            HighCpuPercent = 70,
            OperationTimeoutSeconds = PerformanceThresholds.Default.OperationTimeoutSeconds.With(MetricType.HealthCheck, 60),
        };
        Assert.Empty(update.Errors);
        Assert.Equal(expected, update.Thresholds);
    }

    [Fact]
    public void Every_mistake_is_said_at_once_and_nothing_is_applied()
    {
        var update = Apply("""{ "high_cpu_percent": 70, "failure_rate": "0.1", "low_disk_gb": -1, "degradation_ratio": 1.04, "resource_share": null, "slow_operation_seconds": 1e999 }""");

        Assert.Null(update.Thresholds);
        Assert.Equal(
            ["/degradation_ratio", "/failure_rate", "/low_disk_gb", "/resource_share", "/slow_operation_seconds"],
            update.Errors.Select(error => error.Pointer).Order());
        Assert.Contains(update.Errors, error => error.Detail == "degradation_ratio must be a number from 1.05 to 10.");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("3")]
    public void Something_other_than_an_object_is_one_mistake(string json)
    {
        var update = Apply(json);
        Assert.Null(update.Thresholds);
        Assert.Equal("", Assert.Single(update.Errors).Pointer);
    }

    [Fact]
    public void Every_threshold_reads_back_what_was_set_and_touches_no_other()
    {
        foreach (var info in ThresholdCatalog.All)
        {
            var changed = info.With(PerformanceThresholds.Default, info.Max);
            Assert.Equal(info.Max, info.Get(changed));
            Assert.All(ThresholdCatalog.All.Where(other => other != info), other => Assert.Equal(other.Default, other.Get(changed)));
        }
    }

    [Fact]
    public void Every_default_lies_within_its_bounds_and_the_bounds_are_taken()
    {
        Assert.All(ThresholdCatalog.All, info => Assert.True(info.Allows(info.Default) && info.Allows(info.Min) && info.Allows(info.Max)));
        Assert.All(ThresholdCatalog.All, info => Assert.False(info.Allows(double.NaN) || info.Allows(info.Max * 1.01) || info.Allows(info.Min - 0.01)));
    }

    private static ThresholdUpdate Apply(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ThresholdDocument.Apply(PerformanceThresholds.Default, document.RootElement);
    }
}
