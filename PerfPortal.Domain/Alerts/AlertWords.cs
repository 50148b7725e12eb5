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
    /// <summary>The threshold of an alert about a finding of any size.</summary>
    public const string AnyThreshold = "any";

    private const double MostSeconds = 1e9;

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

    /// <summary>The unit of the values of an alert.</summary>
    public static string UnitOf(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return alert.Unit ?? Unit(alert.Signal);
    }

    /// <summary>A value of an alert with its unit: of a finding how much changed, how much time is left, for how long it lasts, or how much of a model is lost.</summary>
    public static string ValueOf(Alert alert, double? value)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return alert.Signal.Kind != AlertSignalKind.Finding ? Value(alert.Signal, value) : (UnitOf(alert), value) switch
        {
            (_, null) => Format.None,
            ("h", { } hours) => Seconds(hours * 3600),
            ("ratio", > 9 and { } ratio) => Format.Change(ratio),
            ("ratio", { } ratio) => Format.Percent(ratio * 100),
            ({ } unit, { } size) => Format.Value(size, unit),
        };
    }

    /// <summary>The threshold of an alert with its side, such as <c>above 80 %</c>; <c>any</c> for findings of any size.</summary>
    public static string ThresholdOf(Alert alert)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return alert is { Signal.Kind: AlertSignalKind.Finding, Comparison: AlertComparison.Above, Threshold: 0 }
            ? AnyThreshold
            : (alert.Comparison == AlertComparison.Above ? "above " : "below ") + ValueOf(alert, alert.Threshold);
    }

    /// <summary>For how long a condition has held, with the time of it in which nothing was evaluated.</summary>
    internal static string Held(AlertStatus status, DateTimeOffset now)
    {
        string held = AlertTimes.Lasted(now - (status.PendingSince ?? now));
        return status.Unwatched > TimeSpan.Zero ? $"{held}, {AlertTimes.Lasted(status.Unwatched)} of it without an evaluation" : held;
    }

    /// <summary>A value of a signal with its unit.</summary>
    public static string Value(AlertSignal signal, double? value) =>
        Unit(signal) == "s" && value is { } seconds ? Seconds(seconds) : Format.Value(value, Unit(signal));

    private static string Seconds(double value) => value is > 0 and < MostSeconds ? AlertTimes.Exact(TimeSpan.FromSeconds(value)) : Format.Seconds(value);

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
            AlertSignalKind.FailureRate => "Failure rate",
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
        string limit = ThresholdOf(alert);
        var status = alert.Status;
        bool isProblem = alert.Signal.Kind is AlertSignalKind.Portal or AlertSignalKind.Finding;
        if (isProblem && (alert.Problem ?? alert.Explanation?.Sentence) is { Length: > 0 } problem)
        {
            return Sentence(alert, problem, now);
        }

        if (alert is { State: AlertState.Resolved, EndReason: { } reason })
        {
            return $"{what} is no longer watched: {char.ToLowerInvariant(reason[0])}{reason[1..]} It was {limit} for {AlertTimes.Lasted(alert.FiringTime(now))}, and may still be.";
        }

        var since = status.PendingSince ?? now;
        if (alert.Signal.Kind == AlertSignalKind.Portal)
        {
            string part = alert.Subject.Part ?? "the portal";
            return alert.State == AlertState.Resolved
                ? $"The problem of {part} lasted {AlertTimes.Lasted(alert.FiringTime(now))}."
                : $"There has been a problem with {part} since {Since(since)} UTC ({Held(status, now)}).";
        }

        return alert.State switch
        {
            AlertState.Resolved => $"{what} was {limit} for {AlertTimes.Lasted(alert.FiringTime(now))}; the furthest value was {ValueOf(alert, status.Peak)}.",
            _ when status.Value is null && alert.State != AlertState.NoData => $"{what} was {limit}; what it was about is over, and the alert goes on until it has stayed so.",
            AlertState.NoData => $"{what} was {limit}, and nothing has been measured for {AlertTimes.Lasted(now - (status.MissingSince ?? now))}; the last value was {ValueOf(alert, status.Value)}.",
            _ when status.Value is { } value && !IsBeyond(alert, value) => $"{what} was {limit} and is back at {ValueOf(alert, value)}; the alert goes on until it has stayed there.",
            _ => $"{what} is {ValueOf(alert, status.Value)}, {limit}, since {Since(since)} UTC ({Held(status, now)}).",
        };
    }

    /// <summary>One sentence about an alert whose problem has a sentence of its own.</summary>
    private static string Sentence(Alert alert, string problem, DateTimeOffset now) => alert switch
    {
        { State: AlertState.Resolved, EndReason: { } reason } =>
            $"No longer watched: {char.ToLowerInvariant(reason[0])}{reason[1..]} It fired for {AlertTimes.Lasted(alert.FiringTime(now))}, and may still last: {problem}",
        { State: AlertState.Resolved } => $"Over after {AlertTimes.Lasted(alert.FiringTime(now))}: {problem}",
        { State: AlertState.NoData } => $"Not seen for {AlertTimes.Lasted(now - (alert.Status.MissingSince ?? now))}: {problem}",
        { State: AlertState.Firing, Status.Value: null } => $"It seems to be over, and the alert goes on until it has stayed so: {problem}",
        _ => problem,
    };

    private static bool IsBeyond(Alert alert, double value) => alert.Comparison == AlertComparison.Above ? value > alert.Threshold : value < alert.Threshold;

    private static string Since(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string FindingTitle(FindingKind kind) => kind switch
    {
        FindingKind.Regression => "Regression",
        FindingKind.Anomaly => "Anomaly",
        FindingKind.Forecast => "Time left",
        FindingKind.RecurringFailure => "Recurring failure",
        FindingKind.Degradation => "Degradation",
        FindingKind.DamagedModel => "Damaged model",
        _ => "Silence",
    };
}
