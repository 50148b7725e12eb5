using PerfPortal.Domain.Alerts.Rules;

namespace PerfPortal.Domain.Alerts.Signals;

/// <summary>What a rule measured at one time.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Values">The subjects that were measured, each once.</param>
/// <param name="IsAbsentOver">
/// What it means that a subject is not among them: <see langword="true"/> when the condition does not hold (no such finding, nothing running), <see langword="false"/> when there are no data.
/// </param>
public sealed record RuleObservation(AlertRule Rule, IReadOnlyList<SubjectValue> Values, bool IsAbsentOver);

/// <summary>What a problem says of itself, for signals whose subjects are problems: findings, and parts of the portal.</summary>
/// <param name="Sentence">The problem in one sentence.</param>
/// <param name="Unit">The unit of its value; <see langword="null"/> for that of the signal.</param>
/// <param name="Severity">How severe it is; <see langword="null"/> where only the rule says.</param>
public sealed record SubjectProblem(string Sentence, string? Unit = null, AlertSeverity? Severity = null);

/// <summary>The value of a signal for one subject.</summary>
/// <param name="Subject">The subject.</param>
/// <param name="Value">The value in the unit of the signal; <see langword="null"/> without data, or with fewer operations than the rule requires.</param>
/// <param name="Operations">The number of operations that it is based on; 0 for signals that are not about operations.</param>
/// <param name="Problem">What the subject says of itself, if it is a problem.</param>
/// <param name="IsOver">Whether the subject is known to be over, which an absent one is not always; it then has no value.</param>
public readonly record struct SubjectValue(AlertSubject Subject, double? Value, long Operations = 0, SubjectProblem? Problem = null, bool IsOver = false);
