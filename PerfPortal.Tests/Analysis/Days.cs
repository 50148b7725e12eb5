using PerfPortal.Domain.Analysis;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Settings;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Tests.Analysis;

/// <summary>Inputs of the analysis, made by hand around one fixed moment.</summary>
internal static class Days
{
    public const string Host = "host-a";

    public static readonly DateTimeOffset Now = new(2026, 3, 10, 12, 30, 17, TimeSpan.Zero);

    public static RetentionHorizons Horizons(TimeProvider time, int hours = 168) => new(time, new(_ => hours, hours, 840, 19_200));

    /// <summary>An operation that ended some seconds before now.</summary>
    public static Operation Ended(
        double secondsAgo, double duration, MetricType type = MetricType.ModelOperation, string name = "generate",
        OperationStatus status = OperationStatus.Succeeded, string source = Host, string? error = null, params (string Name, MetadataValue Value)[] facts)
    {
        var end = (Now - TimeSpan.FromSeconds(secondsAgo)).ToWholeMicroseconds();
        return new()
        {
            Id = Guid.NewGuid(),
            MetricType = type,
            Name = name,
            Source = source,
            Status = status,
            StartTime = end - Microseconds.FromSeconds(duration),
            EndTime = end,
            ErrorType = error,
            Metadata = Metadata.Of(facts.Select(fact => KeyValuePair.Create(fact.Name, fact.Value))),
        };
    }

    /// <summary>So many operations alike.</summary>
    public static IEnumerable<Operation> Many(
        int count, double duration, MetricType type = MetricType.ModelOperation, string name = "generate",
        OperationStatus status = OperationStatus.Succeeded, string? error = null, params (string Name, MetadataValue Value)[] facts) =>
        Enumerable.Range(0, count).Select(i => Ended(60 + i, duration, type, name, status, Host, error, facts));

    /// <summary>The figures of operations by type and name.</summary>
    public static IReadOnlyList<OperationGroup> Groups(IEnumerable<Operation> operations) =>
    [
        .. operations.GroupBy(operation => (operation.MetricType, operation.Name)).Select(group =>
            OperationGroup.Of(group.Key.MetricType, group.Key.Name, Figures(group), AnalysisInput.Window)),
    ];

    public static StatisticsBuilder Figures(IEnumerable<Operation> operations)
    {
        var builder = new StatisticsBuilder();
        foreach (var operation in operations)
        {
            var rollup = new Rollup();
            OperationFigures.AddTo(rollup, operation);
            builder.Add(operation.Status.ToOutcome(), rollup);
        }

        return builder;
    }

    public static StatisticsBuilder Figures(IEnumerable<double> durations) => Figures(durations.Select(duration => Ended(60, duration)));

    public static AnalysisInput Input(
        IEnumerable<Operation> operations, IReadOnlyList<HostResources>? hosts = null, PerformanceThresholds? thresholds = null)
    {
        var all = operations.ToList();
        return new(Now, thresholds ?? PerformanceThresholds.Default, Groups(all))
        {
            Hosts = hosts ?? [],
            Downloads = [.. all.Where(operation => operation.MetricType == MetricType.DownloadOperation)],
            Failures = [.. all.Where(operation => operation.Status == OperationStatus.Failed)],
        };
    }

    /// <summary>A host that was measured each 30 s for so many hours until now.</summary>
    public static HostResources Measured(ResourceMetric metric, double hours, Func<DateTimeOffset, double> valueAt, params (ResourceMetric Metric, double Value)[] others)
    {
        var resources = new MemoryResources();
        var interval = TimeSpan.FromSeconds(30);
        for (var at = Now - TimeSpan.FromHours(hours) + interval; at <= Now; at += interval)
        {
            var sample = new ResourceSample(Host, at) { [metric] = valueAt(at) };
            foreach (var (other, value) in others)
            {
                sample[other] = value;
            }

            resources.Add(sample, interval);
        }

        return resources.Host(Host);
    }
}
