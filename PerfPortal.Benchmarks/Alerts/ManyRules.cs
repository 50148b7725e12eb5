using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Benchmarks.Alerts;

/// <summary>A thousand rules as a large installation might have them: most on single sources, others on each source or everything, over windows from a minute to a day.</summary>
internal static class ManyRules
{
    private static readonly ResourceMetric[] Metrics = [ResourceMetric.CpuPercent, ResourceMetric.MemoryPercent, ResourceMetric.DiskFreeGb, ResourceMetric.GpuMemoryPercent];
    private static readonly int[] Windows = [1, 5, 10, 15, 30, 60, 240, 1440];

    /// <summary>The rules.</summary>
    /// <param name="sources">The names of the sources.</param>
    /// <param name="names">The names of operations.</param>
    public static IReadOnlyList<AlertRule> Of(IReadOnlyList<string> sources, IReadOnlyList<string> names)
    {
        var rules = new List<AlertRule>();
        foreach (string source in sources)
        {
            Add(rules, new(AlertSignalKind.Resource, ResourceMetric.CpuPercent), 99, AlertPer.Source, 10, source);
            Add(rules, new(AlertSignalKind.Resource, ResourceMetric.MemoryPercent), 99, AlertPer.Source, 5, source);
            Add(rules, new(AlertSignalKind.FailureRate), 0.9, AlertPer.Name, 15, source);
            Add(rules, new(AlertSignalKind.Duration, Quantile: 0.95), 900, AlertPer.All, 60, source);
        }

        for (int i = 0; rules.Count < 1000; i++)
        {
            int window = Windows[i % Windows.Length];
            Add(rules, new(AlertSignalKind.Resource, Metrics[i % Metrics.Length]), 99, AlertPer.Source, window, null);
            Add(rules, new(AlertSignalKind.FailureRate), 0.9, AlertPer.Source, window, null, names[i % names.Count]);
            Add(rules, new(AlertSignalKind.Duration, Quantile: 0.99), 900, AlertPer.Name, window, null);
            Add(rules, new(AlertSignalKind.Throughput), 1e6, AlertPer.Source, window, null);
            Add(rules, new(AlertSignalKind.NoData), 86_400, AlertPer.Source, 5, null);
            Add(rules, new(AlertSignalKind.RunningFor), 3600, AlertPer.Name, 5, null);
            Add(rules, new(AlertSignalKind.Abandoned), 1000, AlertPer.All, window, null);
        }

        return [.. rules.Take(1000)];
    }

    private static void Add(List<AlertRule> rules, AlertSignal signal, double threshold, AlertPer per, int minutes, string? source, string? name = null) => rules.Add(new()
    {
        Id = $"{rules.Count:x32}",
        Name = $"Rule {rules.Count}",
        Signal = signal,
        Threshold = threshold,
        Per = per,
        Window = TimeSpan.FromMinutes(minutes),
        Scope = new(source, Name: name),
        For = TimeSpan.FromMinutes(5),
    });
}
