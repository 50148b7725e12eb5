using PerfPortal.Domain.Analysis.Forecasts;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;

namespace PerfPortal.Domain.Alerts.Rules;

/// <summary>
/// The rules that come with the portal. They follow the thresholds of the settings, so that a page, a score and an alert call the same value high. Windows and <c>for</c> are long enough that a
/// single spike or failure raises nothing, and recovery thresholds keep a value beside its limit from going on and off.
/// </summary>
public static class BuiltInRules
{
    /// <summary>The prefix of their IDs.</summary>
    public const string Prefix = "builtin-";

    /// <summary>The time until a resource is full below which a forecast raises an alert, hours.</summary>
    public const double ForecastHours = ForecastFinding.CriticalHours;

    private const double P95 = 0.95;
    private const int EnoughOperations = 20;

    private const string Severities =
        "This alert is about the last minutes, and a warning. The bottleneck of the same name is about the last 24 hours, and critical once usage was above the limit for more than half of them.";

    private static readonly TimeSpan Minutes5 = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Minutes10 = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Whether an ID is that of a built-in rule.</summary>
    public static bool Is(string id) => id is not null && id.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Returns the rules under thresholds, in the order in which they are listed.</summary>
    public static IReadOnlyList<AlertRule> Of(PerformanceThresholds thresholds)
    {
        ArgumentNullException.ThrowIfNull(thresholds);
        return
        [
            .. Resources(thresholds).Select(rule => rule with { Signal = rule.Signal with { Kind = AlertSignalKind.Resource }, Per = AlertPer.Source, Window = Minutes10 }),
            .. Operations(thresholds).Select(rule => rule with { Per = AlertPer.Name }),
            .. Findings().Select(rule => rule with { UsesFindingSeverity = true }),
            Rule("portal", "Portal health", new(AlertSignalKind.Portal), 0) with
            {
                For = TimeSpan.FromMinutes(2), Severity = AlertSeverity.Critical, Note = "A part of the portal has a problem; the alert says which and why.",
            },
        ];
    }

    private static IEnumerable<AlertRule> Resources(PerformanceThresholds thresholds)
    {
        yield return Rule("high-cpu", "High CPU usage", Of(ResourceMetric.CpuPercent), thresholds.HighCpuPercent, "high_cpu_percent") with
        {
            RecoveryThreshold = thresholds.HighCpuPercent * 0.9,
            For = Minutes10,
            Note = Severities,
        };
        yield return Rule("high-memory", "High memory usage", Of(ResourceMetric.MemoryPercent), thresholds.HighMemoryPercent, "high_memory_percent") with
        {
            RecoveryThreshold = thresholds.HighMemoryPercent * 0.95,
            For = Minutes10,
            Note = Severities,
        };
        yield return Rule("high-gpu-memory", "High GPU memory usage", Of(ResourceMetric.GpuMemoryPercent), thresholds.HighGpuMemoryPercent, "high_gpu_memory_percent") with
        {
            RecoveryThreshold = thresholds.HighGpuMemoryPercent * 0.95,
            For = Minutes10,
            Note = Severities,
        };
        yield return Rule("low-disk", "Low disk space", Of(ResourceMetric.DiskFreeGb), thresholds.LowDiskGb, "low_disk_gb") with
        {
            Comparison = AlertComparison.Below,
            RecoveryThreshold = thresholds.LowDiskGb * 1.2,
            For = Minutes5,
            Severity = AlertSeverity.Critical,
        };
    }

    private static IEnumerable<AlertRule> Operations(PerformanceThresholds thresholds)
    {
        yield return Rule("failure-rate", "High failure rate", new(AlertSignalKind.FailureRate), thresholds.FailureRate, "failure_rate") with
        {
            RecoveryThreshold = thresholds.FailureRate / 2,
            Window = Hour,
            For = Minutes5,
            MinOperations = EnoughOperations,
        };

        // The limit of a type can be that of the type or the general one.
        var p95 = Own(thresholds, type => thresholds.P95DurationSecondsByType[type] is > 0 and var own ? own : thresholds.P95DurationSeconds, thresholds.P95Limit);
        yield return Rule("slow-operations", "Slow operations", new(AlertSignalKind.Duration, Quantile: P95), thresholds.P95DurationSeconds, "p95_duration_seconds") with
        {
            OwnThresholds = p95,
            RecoveryThreshold = thresholds.P95DurationSeconds * 0.9,
            Window = Hour,
            For = Minutes10,
            MinOperations = EnoughOperations,
        };

        double shortest = MetricTypes.All.Min(type => thresholds.OperationTimeoutSeconds[type]);
        yield return Rule("overdue", "Operation overdue", new(AlertSignalKind.RunningFor), shortest, "operation_timeout_seconds") with
        {
            OwnThresholds = Own(thresholds, type => thresholds.OperationTimeoutSeconds[type], null),
        };
        yield return Rule("abandoned", "Abandoned operations", new(AlertSignalKind.Abandoned), 0) with { Window = TimeSpan.FromMinutes(30) };
    }

    private static IEnumerable<AlertRule> Findings()
    {
        yield return Rule("regression", "Regression", Of(FindingKind.Regression), 0);
        yield return Rule("degradation", "Gradual degradation", Of(FindingKind.Degradation), 0);
        yield return Rule("anomaly", "Critical anomaly", Of(FindingKind.Anomaly) with { MinSeverity = Severity.Critical }, 0) with { For = Minutes5, Severity = AlertSeverity.Critical };
        yield return Rule("forecast", "Full within a day", Of(FindingKind.Forecast), ForecastHours) with
        {
            Comparison = AlertComparison.Below,
            RecoveryThreshold = ForecastHours * 1.5,
            For = Minutes10,
        };
        yield return Rule("silence", "Silent source", Of(FindingKind.Silence), 0) with { Severity = AlertSeverity.Critical };
        yield return Rule("damaged-model", "Damaged model", Of(FindingKind.DamagedModel), 0) with { Note = "Repair the model: a check that finds nothing wrong ends the alert." };

        // A failure that returns is mostly told by the rules above; this one is for those who want each error by itself.
        yield return Rule("recurring-failure", "Recurring failure", Of(FindingKind.RecurringFailure), 0) with { IsEnabled = false };
    }

    private static AlertSignal Of(ResourceMetric metric) => new(AlertSignalKind.Resource, Metric: metric);

    private static AlertSignal Of(FindingKind kind) => new(AlertSignalKind.Finding, FindingKind: kind);

    private static AlertRule Rule(string key, string name, AlertSignal signal, double threshold, params string[] follows) => new()
    {
        Id = Prefix + key,
        Name = name,
        Signal = signal,
        Threshold = threshold,
        Follows = follows,
        IsBuiltIn = true,
    };

    private static SubjectThresholds Own(PerformanceThresholds thresholds, Func<MetricType, double> ofType, Func<MetricType, string, double>? ofName) => new(
        MetricTypes.All.Aggregate(new PerMetricType<double>(0), (limits, type) => limits.With(type, ofType(type))),
        ofName is null
            ? new Dictionary<(MetricType Type, string Name), double>()
            : thresholds.SlowOperationSecondsByName.Keys.SelectMany(name => MetricTypes.All.Select(type => (Type: type, Name: name)))
                .ToDictionary(pair => pair, pair => ofName(pair.Type, pair.Name)));
}
