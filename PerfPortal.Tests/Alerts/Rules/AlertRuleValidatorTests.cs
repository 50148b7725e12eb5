using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using Xunit;

namespace PerfPortal.Tests.Alerts.Rules;

public sealed class AlertRuleValidatorTests
{
    private static readonly AlertRule Good = SignalBench.Rule(SignalBench.Cpu, 80, AlertPer.Source);

    public static TheoryData<string, Func<AlertRule, AlertRule>> Wrong { get; } = new()
    {
        { "name", rule => rule with { Name = " " } },
        { "name", rule => rule with { Name = new('n', 121) } },
        { "name", rule => rule with { Name = "a\nb" } },
        { "signal.metric", rule => rule with { Signal = new(AlertSignalKind.Resource) } },
        { "signal.metric", rule => rule with { Signal = new(AlertSignalKind.FailureRate, ResourceMetric.CpuPercent), Threshold = 0.1 } },
        { "signal.quantile", rule => rule with { Signal = new(AlertSignalKind.Duration) } },
        { "signal.quantile", rule => rule with { Signal = new(AlertSignalKind.Duration, Quantile: 1) } },
        { "signal.quantile", rule => rule with { Signal = new(AlertSignalKind.Duration, Quantile: double.NaN) } },
        { "signal.finding_kind", rule => rule with { Signal = SignalBench.Cpu with { FindingKind = FindingKind.Anomaly } } },
        { "signal.min_severity", rule => rule with { Signal = SignalBench.Cpu with { MinSeverity = Severity.Critical } } },
        { "scope.source", rule => rule with { Scope = new(new('s', 201)) } },
        { "scope.source", rule => rule with { Scope = new("a"), Signal = new(AlertSignalKind.Portal), Threshold = 0, Per = AlertPer.All } },
        { "scope.name", rule => rule with { Scope = new(Name: "generate") } },
        { "scope.metric_type", rule => rule with { Scope = new(MetricType: MetricType.HealthCheck) } },
        { "per", rule => rule with { Per = AlertPer.Name } },
        { "per", rule => rule with { Per = AlertPer.Source, Signal = new(AlertSignalKind.Score) } },
        { "comparison", rule => rule with { Comparison = AlertComparison.Below, Signal = new(AlertSignalKind.NoData), Threshold = 600 } },
        { "threshold", rule => rule with { Threshold = 100.5 } },
        { "threshold", rule => rule with { Threshold = double.NaN } },
        { "threshold", rule => rule with { Threshold = double.PositiveInfinity } },
        { "threshold", rule => rule with { Threshold = -1 } },
        { "threshold", rule => rule with { Signal = new(AlertSignalKind.FailureRate), Threshold = 5 } },
        { "threshold", rule => rule with { Signal = new(AlertSignalKind.NoData), Threshold = 59 } },
        { "recovery_threshold", rule => rule with { RecoveryThreshold = 81 } },
        { "recovery_threshold", rule => rule with { RecoveryThreshold = 79, Comparison = AlertComparison.Below } },
        { "window_seconds", rule => rule with { Window = TimeSpan.FromSeconds(90) } },
        { "window_seconds", rule => rule with { Window = TimeSpan.FromHours(25) } },
        { "window_seconds", rule => rule with { Window = default } },
        { "for_seconds", rule => rule with { For = TimeSpan.FromSeconds(-1) } },
        { "keep_firing_for_seconds", rule => rule with { KeepFiringFor = TimeSpan.FromDays(8) } },
        { "min_operations", rule => rule with { MinOperations = 5 } },
        { "min_operations", rule => rule with { MinOperations = -1 } },
        { "labels.severity", rule => rule with { Labels = new Dictionary<string, string> { ["severity"] = "x" } } },
        { "labels.2x", rule => rule with { Labels = new Dictionary<string, string> { ["2x"] = "x" } } },
        { "labels.team", rule => rule with { Labels = new Dictionary<string, string> { ["team"] = "" } } },
        { "labels.team", rule => rule with { Labels = new Dictionary<string, string> { ["team"] = new('x', 257) } } },
        { "note", rule => rule with { Note = new('n', 2001) } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_mistake_is_told_with_its_member(string field, Func<AlertRule, AlertRule> change)
    {
        Assert.Empty(AlertRuleValidator.Check(Good));
        var error = Assert.Single(AlertRuleValidator.Check(change(Good)).DistinctBy(error => error.Field), error => error.Field == field);
        Assert.EndsWith(".", error.Detail);
    }

    [Fact]
    public void Ten_thousand_labels_are_one_clear_error()
    {
        var labels = Enumerable.Range(0, 10_000).ToDictionary(i => $"l{i}", _ => "x");
        var error = Assert.Single(AlertRuleValidator.Check(Good with { Labels = labels }));
        Assert.Equal(("labels", "labels has 10,000 members; at most 20 are accepted."), (error.Field, error.Detail));
    }

    [Fact]
    public void Every_mistake_is_told_at_once() =>
        Assert.Equal(
            ["name", "threshold", "window_seconds", "for_seconds"],
            AlertRuleValidator.Check(Good with { Name = "", Threshold = 300, Window = default, For = TimeSpan.FromDays(30) }).Select(error => error.Field));

    [Fact]
    public void Every_built_in_rule_is_valid_under_any_thresholds()
    {
        var odd = PerformanceThresholds.Default with { FailureRate = 0, LowDiskGb = 0, HighCpuPercent = 100, P95DurationSeconds = 10_000_000 };
        foreach (var rule in BuiltInRules.Of(PerformanceThresholds.Default).Concat(BuiltInRules.Of(odd)))
        {
            Assert.Empty(AlertRuleValidator.Check(rule));
        }
    }
}
