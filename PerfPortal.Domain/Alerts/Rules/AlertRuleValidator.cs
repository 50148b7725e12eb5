using System.Globalization;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Alerts.Rules;

/// <summary>Checks rules. Every mistake is reported with its member and what is allowed.</summary>
public static class AlertRuleValidator
{
    /// <summary>The maximum length of a name, characters.</summary>
    public const int NameCharacters = 120;

    /// <summary>The maximum length of a note, characters.</summary>
    public const int NoteCharacters = 2000;

    /// <summary>The longest window.</summary>
    public static readonly TimeSpan MaxWindow = TimeSpan.FromHours(24);

    /// <summary>The longest time for which a condition must hold, or an alert goes on firing.</summary>
    public static readonly TimeSpan MaxFor = TimeSpan.FromDays(7);

    private const int MaxOperations = 1_000_000;

    /// <summary>Returns every mistake in a rule.</summary>
    public static IReadOnlyList<AlertRuleError> Check(AlertRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var errors = new List<AlertRuleError>();
        var traits = SignalTraits.Of(rule.Signal);
        CheckText("name", rule.Name, NameCharacters, errors);
        CheckSignal(rule.Signal, errors);
        CheckMember("severity_from_finding", rule.UsesFindingSeverity, rule.Signal.Kind == AlertSignalKind.Finding, isRequired: false, "finding", errors);
        CheckScope(rule, traits, errors);
        CheckThresholds(rule, traits, errors);
        CheckTimes(rule, traits, errors);
        LabelCheck.Check(rule.Labels, errors);
        if (rule.Note?.Length > NoteCharacters)
        {
            errors.Add(new("note", $"note must have at most {Format.Count((long)NoteCharacters)} characters; it has {Format.Count((long)rule.Note.Length)}."));
        }

        return errors;
    }

    private static void CheckText(string field, string? text, int characters, List<AlertRuleError> errors)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > characters || text.Any(char.IsControl))
        {
            errors.Add(new(field, $"{field} must have 1 to {Format.Count((long)characters)} characters and no control characters."));
        }
    }

    private static void CheckSignal(AlertSignal signal, List<AlertRuleError> errors)
    {
        CheckMember("signal.metric", signal.Metric is not null, signal.Kind == AlertSignalKind.Resource, isRequired: true, "resource", errors);
        CheckMember("signal.quantile", signal.Quantile is not null, signal.Kind == AlertSignalKind.Duration, isRequired: true, "duration", errors);
        CheckMember("signal.finding_kind", signal.FindingKind is not null, signal.Kind == AlertSignalKind.Finding, isRequired: false, "finding", errors);
        CheckMember("signal.min_severity", signal.MinSeverity is not null, signal.Kind == AlertSignalKind.Finding, isRequired: false, "finding", errors);
        if (signal is { Kind: AlertSignalKind.Duration, Quantile: not (null or (> 0 and < 1)) })
        {
            errors.Add(new("signal.quantile", "signal.quantile must be above 0 and below 1, such as 0.95."));
        }
    }

    private static void CheckMember(string field, bool isGiven, bool isMeant, bool isRequired, string kind, List<AlertRuleError> errors)
    {
        if (isGiven && !isMeant)
        {
            errors.Add(new(field, $"{field} is for the signal {kind} only."));
        }
        else if (!isGiven && isMeant && isRequired)
        {
            errors.Add(new(field, $"{field} is required for the signal {kind}."));
        }
    }

    private static void CheckScope(AlertRule rule, SignalTraits traits, List<AlertRuleError> errors)
    {
        string kind = rule.Signal.Kind.WireName();
        if (rule.Scope.Source is { } source)
        {
            CheckText("scope.source", source, OperationLimits.SourceCharacters, errors);
            if (!traits.HasSource)
            {
                errors.Add(new("scope.source", $"scope.source means nothing for the signal {kind}."));
            }
        }

        if (rule.Scope.Name is { } name)
        {
            CheckText("scope.name", name, OperationLimits.NameCharacters, errors);
        }

        if (!traits.HasOperations)
        {
            foreach (string member in new[] { rule.Scope.MetricType is null ? null : "metric_type", rule.Scope.Name is null ? null : "name" }.OfType<string>())
            {
                errors.Add(new($"scope.{member}", $"scope.{member} means nothing for the signal {kind}, which is not about operations."));
            }
        }

        if (!traits.Per.Contains(rule.Per))
        {
            errors.Add(new("per", $"per must be {string.Join(" or ", traits.Per.Select(AlertPers.WireName))} for the signal {kind}."));
        }
    }

    private static void CheckThresholds(AlertRule rule, SignalTraits traits, List<AlertRuleError> errors)
    {
        if (traits.IsAboveOnly && rule.Comparison != AlertComparison.Above)
        {
            errors.Add(new("comparison", $"comparison must be above for the signal {rule.Signal.Kind.WireName()}."));
        }

        CheckNumber("threshold", rule.Threshold, traits, errors);
        if (rule.RecoveryThreshold is not { } recovery)
        {
            return;
        }

        CheckNumber("recovery_threshold", recovery, traits, errors);
        if (rule.IsBeyond(recovery))
        {
            string side = rule.Comparison == AlertComparison.Above ? "at most" : "at least";
            errors.Add(new("recovery_threshold", $"recovery_threshold must be {side} the threshold, {Format.Exact(rule.Threshold)}: an alert resolves on the good side of it."));
        }
    }

    private static void CheckNumber(string field, double value, SignalTraits traits, List<AlertRuleError> errors)
    {
        if (!(value >= traits.Min && value <= traits.Max))
        {
            string unit = traits.Unit is "share" or "" ? "" : " " + traits.Unit;
            errors.Add(new(field, traits.Min.Equals(traits.Max) ? $"{field} must be {Format.Exact(traits.Min)}." : $"{field} must be from {Format.Exact(traits.Min)} to {Format.Exact(traits.Max)}{unit}."));
        }
    }

    private static void CheckTimes(AlertRule rule, SignalTraits traits, List<AlertRuleError> errors)
    {
        if (rule.Window < TimeSpan.FromMinutes(1) || rule.Window > MaxWindow || rule.Window.Ticks % TimeSpan.TicksPerMinute != 0)
        {
            errors.Add(new("window_seconds", $"window_seconds must be whole minutes from 60 to {Seconds(MaxWindow)}."));
        }

        foreach (var (field, value) in new[] { ("for_seconds", rule.For), ("keep_firing_for_seconds", rule.KeepFiringFor) })
        {
            if (value < TimeSpan.Zero || value > MaxFor)
            {
                errors.Add(new(field, $"{field} must be from 0 to {Seconds(MaxFor)}."));
            }
        }

        if (rule.MinOperations is < 0 or > MaxOperations)
        {
            errors.Add(new("min_operations", $"min_operations must be from 0 to {Format.Count((long)MaxOperations)}."));
        }
        else if (rule.MinOperations > 0 && !traits.HasMinOperations)
        {
            errors.Add(new("min_operations", "min_operations is for the signals failure_rate and duration only."));
        }
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
}
