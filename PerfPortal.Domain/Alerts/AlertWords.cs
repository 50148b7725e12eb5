using System.Globalization;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Alerts;

/// <summary>Writes alerts as text: what is measured, values with their unit, and one sentence.</summary>
public static class AlertWords
{
    /// <summary>The unit of a signal, as <see cref="Format.Value"/> knows it; empty for a plain number.</summary>
    public static string Unit(AlertSignal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return signal.Kind switch
        {
            AlertSignalKind.Resource => ResourceMetrics.All.FirstOrDefault(info => info.Metric == signal.Metric)?.Unit ?? "",
            AlertSignalKind.FailureRate => "share",
            AlertSignalKind.Duration or AlertSignalKind.RunningFor or AlertSignalKind.NoData => "s",
            AlertSignalKind.Throughput => "/h",
            AlertSignalKind.Finding when signal.FindingKind == FindingKind.Forecast => "h",
            _ => "",
        };
    }

    /// <summary>A value of a signal with its unit.</summary>
    public static string Value(AlertSignal signal, double? value) => Format.Value(value, Unit(signal));

    /// <summary>A threshold with its side, such as <c>above 80 %</c>.</summary>
    public static string Threshold(AlertSignal signal, AlertComparison comparison, double threshold) =>
        (comparison == AlertComparison.Above ? "above " : "below ") + Value(signal, threshold);

    /// <summary>What a signal measures, such as <c>CPU</c> or <c>P95 duration</c>.</summary>
    public static string Title(AlertSignal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        return signal.Kind switch
        {
            AlertSignalKind.Resource => ResourceNames.Title(ResourceMetrics.All.FirstOrDefault(info => info.Metric == signal.Metric)?.WireName ?? ""),
            AlertSignalKind.FailureRate => "Error rate",
            AlertSignalKind.Duration => signal.Quantile == 0.5 ? "Median duration" : $"P{Format.Exact((signal.Quantile ?? 0) * 100)} duration",
            AlertSignalKind.Throughput => "Throughput",
            AlertSignalKind.RunningFor => "Running time",
            AlertSignalKind.Abandoned => "Abandoned operations",
            AlertSignalKind.NoData => "Time without a report",
            AlertSignalKind.Score => "Performance score",
            AlertSignalKind.Finding => signal.FindingKind is { } kind ? FindingTitle(kind) : "Finding",
            _ => "Portal",
        };
    }

    /// <summary>What an alert is about, such as <c>gpu-node-2</c>, <c>Download llama-3 on gpu-node-2</c> or <c>all operations</c>.</summary>
    public static string Subject(AlertSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        string operations = (subject.MetricType, subject.Name) switch
        {
            ({ } type, { } name) => $"{type.Singular()} {name}",
            ({ } type, null) => type.Plural(),
            (null, { } name) => name,
            _ => "",
        };
        return (operations.Length > 0, subject.Source, subject.Part) switch
        {
            (_, _, { } part) => part,
            (true, { } source, _) => $"{operations} on {source}",
            (true, null, _) => operations,
            (false, { } source, _) => source,
            _ => "all operations",
        };
    }

    /// <summary>One sentence: what is wrong, with value and threshold, since when; or how long it lasted.</summary>
    /// <param name="alert">The alert.</param>
    /// <param name="now">The present, UTC.</param>
    public static string Sentence(Alert alert, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(alert);
        string what = $"{Title(alert.Signal)} of {Subject(alert.Subject)}";
        string limit = Threshold(alert.Signal, alert.Comparison, alert.Threshold);
        var status = alert.Status;
        if (alert is { State: AlertState.Resolved, EndReason: { } reason })
        {
            return $"{what} is no longer watched: {char.ToLowerInvariant(reason[0])}{reason[1..]} It was {limit} for {Format.Duration(alert.FiringTime(now))}, and may still be.";
        }

        var since = status.PendingSince ?? now;
        if (alert.Signal.Kind is AlertSignalKind.Portal or AlertSignalKind.Finding && alert.State != AlertState.Resolved && alert.Explanation?.Sentence is { Length: > 0 } known)
        {
            return known;
        }

        if (alert.Signal.Kind == AlertSignalKind.Portal)
        {
            string part = alert.Subject.Part ?? "the portal";
            return alert.State == AlertState.Resolved
                ? $"The problem of {part} lasted {Format.Duration(alert.FiringTime(now))}."
                : $"There has been a problem with {part} since {Since(since)} UTC ({Format.Duration(now - since)}).";
        }

        return alert.State switch
        {
            AlertState.Resolved => $"{what} was {limit} for {Format.Duration(alert.FiringTime(now))}; the furthest value was {Value(alert.Signal, status.Peak)}.",
            AlertState.NoData => $"{what} was {limit}, and nothing has been measured for {Format.Duration(now - (status.MissingSince ?? now))}; the last value was {Value(alert.Signal, status.Value)}.",
            _ when status.Value is { } value && !IsBeyond(alert, value) => $"{what} was {limit} and is back at {Value(alert.Signal, value)}; the alert goes on until it has stayed there.",
            _ => $"{what} is {Value(alert.Signal, status.Value)}, {limit}, since {Since(since)} UTC ({Format.Duration(now - since)}).",
        };
    }

    private static bool IsBeyond(Alert alert, double value) => alert.Comparison == AlertComparison.Above ? value > alert.Threshold : value < alert.Threshold;

    private static string Since(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string FindingTitle(FindingKind kind) => kind switch
    {
        FindingKind.Regression => "Regression",
        FindingKind.Anomaly => "Anomaly",
        FindingKind.Forecast => "Time left",
        FindingKind.RecurringFailure => "Recurring failure",
        FindingKind.Degradation => "Degradation",
        _ => "Silence",
    };
}
