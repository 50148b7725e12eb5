using System.Collections.Frozen;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Alerts.Rules;

/// <summary>What an alert rule measures. The numeric values are stored; append, never renumber.</summary>
public enum AlertSignalKind : byte
{
    /// <summary>The time-weighted mean of a resource metric of a host over the window, in its unit.</summary>
    Resource = 1,

    /// <summary>The share of operations that failed among those that finished in the window, 0–1.</summary>
    FailureRate = 2,

    /// <summary>A quantile of the duration of the operations that finished in the window, seconds.</summary>
    Duration = 3,

    /// <summary>Operations that finished per hour, over the window.</summary>
    Throughput = 4,

    /// <summary>How long the oldest operation in progress has been running, seconds.</summary>
    RunningFor = 5,

    /// <summary>The number of operations that were marked as abandoned in the window.</summary>
    Abandoned = 6,

    /// <summary>The time since a source last reported anything, seconds.</summary>
    NoData = 7,

    /// <summary>The performance score, 0–100.</summary>
    Score = 8,

    /// <summary>The size of an open finding, in its unit.</summary>
    Finding = 9,

    /// <summary>The portal's own health: 1 while a part of it has a problem, otherwise 0.</summary>
    Portal = 10,
}

/// <summary>The wire names of <see cref="AlertSignalKind"/>.</summary>
public static class AlertSignalKinds
{
    private static readonly FrozenDictionary<AlertSignalKind, string> Names = new Dictionary<AlertSignalKind, string>
    {
        [AlertSignalKind.Resource] = "resource",
        [AlertSignalKind.FailureRate] = "failure_rate",
        [AlertSignalKind.Duration] = "duration",
        [AlertSignalKind.Throughput] = "throughput",
        [AlertSignalKind.RunningFor] = "running_for",
        [AlertSignalKind.Abandoned] = "abandoned",
        [AlertSignalKind.NoData] = "no_data",
        [AlertSignalKind.Score] = "score",
        [AlertSignalKind.Finding] = "finding",
        [AlertSignalKind.Portal] = "portal",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, AlertSignalKind> Kinds = Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The wire names, in the order of the kinds.</summary>
    public static IReadOnlyList<string> WireNames { get; } = [.. Enum.GetValues<AlertSignalKind>().Select(kind => Names[kind])];

    /// <summary>The name on the wire.</summary>
    public static string WireName(this AlertSignalKind kind) => Names[kind];

    /// <summary>Returns the kind with this wire name, or <see langword="null"/>.</summary>
    public static AlertSignalKind? Parse(string name) => Kinds.TryGetValue(name, out var kind) ? kind : null;
}

/// <summary>What an alert rule measures.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Metric">The metric; for <see cref="AlertSignalKind.Resource"/> only.</param>
/// <param name="Quantile">The quantile, above 0 and below 1; for <see cref="AlertSignalKind.Duration"/> only.</param>
/// <param name="FindingKind">The kind of findings; for <see cref="AlertSignalKind.Finding"/> only, <see langword="null"/> for every kind.</param>
/// <param name="MinSeverity">The severity from which findings count; for <see cref="AlertSignalKind.Finding"/> only, <see langword="null"/> for all.</param>
public sealed record AlertSignal(AlertSignalKind Kind, ResourceMetric? Metric = null, double? Quantile = null, FindingKind? FindingKind = null, Severity? MinSeverity = null);
