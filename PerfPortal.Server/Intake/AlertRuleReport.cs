using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>An alert rule to be stored. A member that is missing has its default. Members of a response that cannot be set are ignored, so that a rule can be sent as it was read; any other member is an error.</summary>
/// <param name="Name">The name; unique regardless of case.</param>
/// <param name="Enabled">Whether it is evaluated; defaults to true.</param>
/// <param name="Signal">What it measures.</param>
/// <param name="Scope">What it looks at; everything when missing.</param>
/// <param name="Per">How that is divided: <c>all</c>, <c>source</c>, <c>metric_type</c> or <c>name</c>. Each part raises an alert of its own. Defaults to <c>source</c> for resource and no_data, else to <c>all</c>.</param>
/// <param name="Comparison"><c>above</c> (default) or <c>below</c>.</param>
/// <param name="Threshold">The threshold in the unit of the signal; a value that equals it raises nothing.</param>
/// <param name="RecoveryThreshold">What a value must return to before an alert resolves; the threshold when missing.</param>
/// <param name="WindowSeconds">The time over which the signal is measured, whole minutes from 60 to 86,400; defaults to 300.</param>
/// <param name="ForSeconds">How long the condition must hold before an alert fires, 0 to 604,800; defaults to 0.</param>
/// <param name="KeepFiringForSeconds">How long an alert goes on firing after the condition last held, 0 to 604,800; defaults to 0.</param>
/// <param name="MinOperations">The number of operations in the window below which nothing is said; for failure_rate and duration.</param>
/// <param name="Severity"><c>info</c>, <c>warning</c> (default) or <c>critical</c>.</param>
/// <param name="SeverityFromFinding">Whether an alert about a finding has the severity of the finding instead; for finding only. Defaults to false.</param>
/// <param name="Labels">Labels for routes and silences, at most 20.</param>
/// <param name="Note">What to do, or a link to a runbook.</param>
internal sealed record AlertRuleReport(
    [property: StringLength(AlertRuleValidator.NameCharacters, MinimumLength = 1)] string Name, bool? Enabled, RuleSignalReport Signal, RuleScopeReport? Scope, string? Per, string? Comparison,
    double Threshold, double? RecoveryThreshold, double? WindowSeconds, double? ForSeconds, double? KeepFiringForSeconds, int? MinOperations, string? Severity,
    bool? SeverityFromFinding, IReadOnlyDictionary<string, string>? Labels, [property: StringLength(AlertRuleValidator.NoteCharacters)] string? Note) : IRequestBody
{
    private static readonly string[] Inner = [.. WireMembers.Of<RuleSignalReport>().Select(name => "signal." + name), .. WireMembers.Of<RuleScopeReport>().Select(name => "scope." + name)];
    private static readonly string[] SeverityNames = ["warning", "critical"];

    // Longer than any limit, and short enough for a TimeSpan.
    private const double MaxSeconds = 1e9;

    /// <summary>Reads a rule and checks it; <see langword="null"/> when there are errors. Its ID is that of the body, or empty.</summary>
    /// <param name="element">The rule.</param>
    /// <param name="pointer">The pointer of the rule; empty for the whole body.</param>
    /// <param name="errors">Receives every error.</param>
    public static AlertRule? Read(JsonElement element, string pointer, List<ValidationError> errors)
    {
        int before = errors.Count;
        if (MemberReader.Begin(element, pointer, errors) is not { } members)
        {
            return null;
        }

        var fields = new FieldErrors(errors, pointer);
        int unknown = members.RejectOthers(WireMembers.Of<AlertRuleReport>(), WireMembers.Of<AlertRuleBody>(), Inner)
            + RejectOthers<RuleSignalReport>(members, fields, "signal") + RejectOthers<RuleScopeReport>(members, fields, "scope");
        var signal = ReadSignal(members, fields);
        string? name = members.Text("name");
        if (name is null)
        {
            fields.AddMissing("name");
        }

        if (members.Number("threshold") is not { } threshold)
        {
            fields.AddMissing("threshold");
            threshold = 0;
        }

        var scope = members.Object("scope");
        var rule = new AlertRule
        {
            Id = members.Text("id", 64) ?? "",
            Name = name ?? "",
            IsEnabled = members.Flag("enabled") ?? true,
            Signal = signal ?? new(AlertSignalKind.Score),
            Scope = scope is null ? AlertScope.Everything : new(scope.Text("source"), scope.MetricType("metric_type"), scope.Text("name")),
            Per = Choice(members, fields, "per", AlertPers.WireNames, AlertPers.Parse) ?? (signal is null ? AlertPer.All : SignalTraits.Of(signal).Per[0]),
            Comparison = Choice(members, fields, "comparison", AlertComparisons.WireNames, AlertComparisons.Parse) ?? AlertComparison.Above,
            Threshold = threshold,
            RecoveryThreshold = members.Number("recovery_threshold"),
            Window = Seconds(members, "window_seconds") ?? TimeSpan.FromMinutes(5),
            For = Seconds(members, "for_seconds") ?? TimeSpan.Zero,
            KeepFiringFor = Seconds(members, "keep_firing_for_seconds") ?? TimeSpan.Zero,
            MinOperations = Whole(members, fields, "min_operations") ?? 0,
            Severity = Choice(members, fields, "severity", AlertSeverities.WireNames, AlertSeverities.Parse) ?? AlertSeverity.Warning,
            UsesFindingSeverity = members.Flag("severity_from_finding") ?? false,
            Labels = ReadLabels(members, fields),
            Note = members.Text("note") is { Length: > 0 } note ? note : null,
        };
        if (errors.Count > before + unknown)
        {
            return null;
        }

        errors.AddRange(AlertRuleValidator.Check(rule).Select(error => ErrorOf(error, pointer)));
        return errors.Count > before ? null : rule;
    }

    /// <summary>Converts a mistake to its wire form.</summary>
    public static ValidationError ErrorOf(AlertRuleError error, string pointer = "")
    {
        // The name of a label may contain dots.
        int dot = error.Field.IndexOf('.', StringComparison.Ordinal);
        string field = dot < 0 ? error.Field : error.Field[..dot] + "/" + error.Field[(dot + 1)..].Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        return new(error.Detail, $"{pointer}/{field}");
    }

    private static int RejectOthers<T>(MemberReader members, FieldErrors fields, string name) =>
        members.Find(name) is { ValueKind: JsonValueKind.Object } value ? new MemberReader(value, fields.In(name)).RejectOthers(WireMembers.Of<T>()) : 0;

    private static AlertSignal? ReadSignal(MemberReader members, FieldErrors fields)
    {
        if (members.Object("signal") is not { } signal)
        {
            fields.AddMissing("signal");
            return null;
        }

        var inner = fields.In("signal");
        var kind = Choice(signal, inner, "kind", AlertSignalKinds.WireNames, AlertSignalKinds.Parse);
        if (kind is null)
        {
            inner.AddMissing("kind");
        }

        ResourceMetric? metric = null;
        if (signal.Text("metric") is { } name)
        {
            metric = ResourceMetrics.Find(name)?.Metric;
            if (metric is null)
            {
                inner.Add("metric", $"metric must be one of {string.Join(", ", ResourceMetrics.All.Select(info => info.WireName))}.");
            }
        }

        double? quantile = signal.Number("quantile");
        var finding = Choice(signal, inner, "finding_kind", FindingKinds.WireNames, FindingKinds.Parse);
        var severity = Choice(signal, inner, "min_severity", SeverityNames, ParseSeverity);
        return kind is { } known ? new(known, metric, quantile, finding, severity) : null;
    }

    private static Domain.Findings.Severity? ParseSeverity(string text) =>
        text switch { "warning" => Domain.Findings.Severity.Warning, "critical" => Domain.Findings.Severity.Critical, _ => null };

    private static T? Choice<T>(MemberReader members, FieldErrors fields, string name, IReadOnlyList<string> choices, Func<string, T?> parse)
        where T : struct
    {
        if (members.Text(name) is not { } text)
        {
            return null;
        }

        if (parse(text) is { } value)
        {
            return value;
        }

        fields.Add(name, $"{name} must be one of {string.Join(", ", choices)}.");
        return null;
    }

    private static TimeSpan? Seconds(MemberReader members, string name) =>
        members.Number(name) is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, -1, MaxSeconds)) : null;

    private static int? Whole(MemberReader members, FieldErrors fields, string name)
    {
        double? number = members.Number(name);
        if (number is { } value && (value != Math.Floor(value) || Math.Abs(value) > int.MaxValue))
        {
            fields.Add(name, string.Create(CultureInfo.InvariantCulture, $"{name} must be a whole number from 0 to 1000000."));
            return null;
        }

        return (int?)number;
    }

    private static Dictionary<string, string> ReadLabels(MemberReader members, FieldErrors fields)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (members.Object("labels") is not { } given)
        {
            return labels;
        }

        int texts = 0;
        foreach (var member in given.Members)
        {
            if (member.Value.ValueKind == JsonValueKind.String && MemberReader.TryGetString(member.Value, out string value))
            {
                labels[member.Name] = value;
            }
            else if (texts++ == 0)
            {
                fields.In("labels").Add(member.Name, "The value of a label must be a string.");
            }
        }

        return labels;
    }
}

/// <summary>What an alert rule measures.</summary>
/// <param name="Kind"><c>resource</c>, <c>failure_rate</c>, <c>duration</c>, <c>throughput</c>, <c>running_for</c>, <c>abandoned</c>, <c>no_data</c>, <c>score</c>, <c>finding</c> or <c>portal</c>.</param>
/// <param name="Metric">The metric; for <c>resource</c> only, where it is required.</param>
/// <param name="Quantile">The quantile, above 0 and below 1; for <c>duration</c> only, where it is required.</param>
/// <param name="FindingKind">The kind of findings; for <c>finding</c> only, every kind when missing.</param>
/// <param name="MinSeverity">The severity from which findings count, <c>warning</c> or <c>critical</c>; for <c>finding</c> only.</param>
internal sealed record RuleSignalReport(string Kind, string? Metric, double? Quantile, string? FindingKind, string? MinSeverity) : IClosedRequestBody;

/// <summary>What an alert rule looks at; a member that is missing selects everything.</summary>
/// <param name="Source">The source or host.</param>
/// <param name="MetricType">The metric type.</param>
/// <param name="Name">The operation name.</param>
internal sealed record RuleScopeReport(
    [property: StringLength(OperationLimits.SourceCharacters, MinimumLength = 1)] string? Source, MetricType? MetricType,
    [property: StringLength(OperationLimits.NameCharacters, MinimumLength = 1)] string? Name) : IClosedRequestBody;
