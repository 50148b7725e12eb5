using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Settings;
using Xunit;

namespace PerfPortal.Tests.Alerts.Rules;

public sealed class BuiltInRulesTests
{
    [Fact]
    public void Their_ids_and_names_are_unique_and_stay()
    {
        var rules = BuiltInRules.Of(PerformanceThresholds.Default);
        Assert.Equal(
        [
            "builtin-high-cpu", "builtin-high-memory", "builtin-high-gpu-memory", "builtin-low-disk", "builtin-failure-rate", "builtin-slow-operations", "builtin-overdue", "builtin-abandoned",
            "builtin-regression", "builtin-degradation", "builtin-anomaly", "builtin-forecast", "builtin-silence", "builtin-damaged-model", "builtin-recurring-failure",
            "builtin-portal",
        ], rules.Select(rule => rule.Id));
        Assert.Distinct(rules.Select(rule => rule.Name));
        Assert.All(rules, rule => Assert.True(rule.IsBuiltIn));
    }

    [Fact]
    public void A_damaged_model_is_told_at_once_with_the_severity_of_its_finding()
    {
        var rule = Assert.Single(BuiltInRules.Of(PerformanceThresholds.Default), rule => rule.Id == "builtin-damaged-model");
        Assert.Equal(new(AlertSignalKind.Finding, FindingKind: FindingKind.DamagedModel), rule.Signal);
        Assert.Equal((true, true, TimeSpan.Zero, 0.0), (rule.IsEnabled, rule.UsesFindingSeverity, rule.For, rule.Threshold));
        Assert.Equal("Damaged model", AlertWords.Title(rule.Signal));
    }

    [Fact]
    public void They_follow_the_thresholds_also_those_of_types_and_names()
    {
        var thresholds = PerformanceThresholds.Default with
        {
            HighCpuPercent = 60,
            P95DurationSecondsByType = PerformanceThresholds.Default.P95DurationSecondsByType.With(MetricType.ModelOperation, 20),
            SlowOperationSecondsByName = NameLimits.None.With("batch", 500),
        };
        var rules = BuiltInRules.Of(thresholds).ToDictionary(rule => rule.Id);
        Assert.Equal((60, 54), (rules["builtin-high-cpu"].Threshold, rules["builtin-high-cpu"].RecoveryThreshold));

        var slow = rules["builtin-slow-operations"];
        Assert.Equal((20, 18), (slow.AppliedTo(new(MetricType: MetricType.ModelOperation, Name: "chat")).Threshold, slow.AppliedTo(new(MetricType: MetricType.ModelOperation, Name: "chat")).RecoveryThreshold));
        Assert.Equal((500, 450), (slow.AppliedTo(new(MetricType: MetricType.ModelOperation, Name: "batch")).Threshold, slow.AppliedTo(new(MetricType: MetricType.ModelOperation, Name: "batch")).RecoveryThreshold));
        Assert.Equal(1200, slow.AppliedTo(new(MetricType: MetricType.DownloadOperation, Name: "weights")).Threshold);
        Assert.Equal(60, slow.AppliedTo(new("gpu-1")).Threshold);
    }
}
