using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Views.Findings;

namespace PerfPortal.Server.Views.Alerts;

/// <summary>Marks alerts on time charts: a line where one began to fire.</summary>
internal static class AlertMarks
{
    /// <summary>The maximum number of alerts that are looked at for marks.</summary>
    public const int MaxAlerts = 200;

    // More lines than that hide the chart.
    private const int MaxLines = 10;

    private static readonly AlertSignalKind[] OfOperations = [AlertSignalKind.FailureRate, AlertSignalKind.Throughput, AlertSignalKind.Duration, AlertSignalKind.RunningFor, AlertSignalKind.Abandoned];

    /// <summary>Adds marks to resource charts: each alert about a metric of the host on the chart that shows it.</summary>
    public static IReadOnlyList<ChartModel> OnHost(IReadOnlyList<ChartModel> charts, string host, IReadOnlyList<Alert> alerts)
    {
        var found = alerts.Where(alert => alert.Signal is { Kind: AlertSignalKind.Resource, Metric: not null } && alert.Subject.Source is { } source && source == host).ToList();
        return found.Count == 0 ? charts : [.. charts.Select(chart => With(chart, found.Where(alert => FindingMarks.Shows(chart.Key, alert.Signal.Metric!.Value.Info().WireName))))];
    }

    /// <summary>Adds marks of alerts about operations to a chart of operations.</summary>
    public static ChartModel OnOperations(ChartModel chart, string? source, IReadOnlyList<Alert> alerts) =>
        With(chart, alerts.Where(alert => OfOperations.Contains(alert.Signal.Kind) && (source is null || alert.Subject.Source is null || alert.Subject.Source == source)));

    /// <summary>Marks the alerts about the duration of filtered operations.</summary>
    public static IReadOnlyList<ChartMark> OnDurations(SeriesFilter filter, IEnumerable<Alert> alerts) =>
        Of(alerts.Where(alert => alert.Signal.Kind is AlertSignalKind.Duration or AlertSignalKind.RunningFor && Concerns(filter, alert.Subject)));

    /// <summary>Marks the alerts about the number and the outcome of filtered operations.</summary>
    public static IReadOnlyList<ChartMark> OnCounts(SeriesFilter filter, IEnumerable<Alert> alerts) => Of(alerts.Where(alert =>
        alert.Signal.Kind is AlertSignalKind.FailureRate or AlertSignalKind.Throughput or AlertSignalKind.Abandoned && Concerns(filter, alert.Subject)));

    /// <summary>Marks where alerts began to fire, at most ten of them.</summary>
    public static IReadOnlyList<ChartMark> Of(IEnumerable<Alert> alerts) =>
    [
        .. alerts.Where(alert => alert.Status.FiringSince is not null).Take(MaxLines).Select(alert => new ChartMark(
            alert.Status.FiringSince!.Value, null, "alert", alert.State == AlertState.Resolved || alert.Severity == AlertSeverity.Info ? "neutral" : alert.Severity.WireName())),
    ];

    private static bool Concerns(SeriesFilter filter, AlertSubject subject) =>
        (filter.Source is null || subject.Source is null || filter.Source == subject.Source)
        && (filter.MetricType is null || subject.MetricType is null || filter.MetricType == subject.MetricType)
        && (filter.Name is null || subject.Name is null || filter.Name == subject.Name);

    private static ChartModel With(ChartModel chart, IEnumerable<Alert> alerts) => Of(alerts) is { Count: > 0 } marks ? chart with { Marks = [.. chart.Marks, .. marks] } : chart;
}
