using System.Text.Json.Serialization;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Alerts.Rules;

/// <summary>On which side of its threshold a value raises an alert.</summary>
/// <remarks>Wire names are the lower-case names.</remarks>
public enum AlertComparison : byte
{
    /// <summary>A value greater than the threshold.</summary>
    Above = 1,

    /// <summary>A value less than the threshold.</summary>
    Below = 2,
}

/// <summary>How a rule divides what it measures: each part is judged, and raises an alert, by itself.</summary>
/// <remarks>Wire names are the snake_case names.</remarks>
public enum AlertPer : byte
{
    /// <summary>Everything in the scope together.</summary>
    All = 1,

    /// <summary>Each source or host.</summary>
    Source = 2,

    /// <summary>Each metric type.</summary>
    MetricType = 3,

    /// <summary>Each metric type and operation name.</summary>
    Name = 4,
}

/// <summary>What a rule looks at; a missing member selects everything.</summary>
/// <param name="Source">The source or host.</param>
/// <param name="MetricType">The metric type.</param>
/// <param name="Name">The operation name.</param>
public sealed record AlertScope(string? Source = null, MetricType? MetricType = null, string? Name = null)
{
    /// <summary>Everything.</summary>
    public static AlertScope Everything { get; } = new();
}

/// <summary>Says when to raise an alert. Immutable.</summary>
public sealed record AlertRule
{
    /// <summary>The ID: 32 hexadecimal digits, or the key of a built-in rule.</summary>
    public required string Id { get; init; }

    /// <summary>The name that people read.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is evaluated.</summary>
    public bool IsEnabled { get; init; } = true;

    /// <summary>What it measures.</summary>
    public required AlertSignal Signal { get; init; }

    /// <summary>What it looks at.</summary>
    public AlertScope Scope { get; init; } = AlertScope.Everything;

    /// <summary>How it divides that.</summary>
    public AlertPer Per { get; init; } = AlertPer.All;

    /// <summary>On which side of the threshold it raises an alert.</summary>
    public AlertComparison Comparison { get; init; } = AlertComparison.Above;

    /// <summary>The threshold, in the unit of the signal. A value that equals it raises nothing.</summary>
    public required double Threshold { get; init; }

    /// <summary>The threshold that a firing alert must return to before it resolves; on the good side of <see cref="Threshold"/>, which it defaults to.</summary>
    public double? RecoveryThreshold { get; init; }

    /// <summary>
    /// Thresholds of single types and names, which stand over <see cref="Threshold"/>: those of a built-in rule that follows thresholds of the settings. Not stored, so an edited rule has one
    /// threshold for all.
    /// </summary>
    [JsonIgnore]
    public SubjectThresholds? OwnThresholds { get; init; }

    /// <summary>The wire names of the thresholds in the settings that the rule follows; empty for a rule that was edited.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Follows { get; init; } = [];

    /// <summary>The time over which a signal is measured, whole minutes.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the condition must hold before the alert fires.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How long a firing alert goes on firing after the condition last held.</summary>
    public TimeSpan KeepFiringFor { get; init; }

    /// <summary>The number of operations in the window below which nothing is said. For signals about finished operations.</summary>
    public int MinOperations { get; init; }

    /// <summary>The severity of its alerts.</summary>
    public AlertSeverity Severity { get; init; } = AlertSeverity.Warning;

    /// <summary>Whether an alert about a finding has the severity of the finding instead, so that both say the same.</summary>
    public bool UsesFindingSeverity { get; init; }

    /// <summary>Labels for routes and silences, in addition to those that every alert has (<see cref="AlertLabels"/>).</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>What to do, or a link to a runbook.</summary>
    public string? Note { get; init; }

    /// <summary>Whether it comes with the portal. Such a rule can be switched off and edited, not deleted; resetting it makes it follow the thresholds again.</summary>
    public bool IsBuiltIn { get; init; }

    /// <summary>Whether it comes from the rules file, and is edited there.</summary>
    public bool IsProvisioned { get; init; }

    /// <summary>Changes with every edit; the optimistic concurrency token.</summary>
    public long Version { get; init; }

    /// <summary>Returns the rule as it applies to a subject: with the subject's own threshold, and a recovery threshold in the same proportion.</summary>
    public AlertRule AppliedTo(AlertSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return OwnThresholds?.Of(subject) is { } own && !own.Equals(Threshold)
            ? this with { Threshold = own, RecoveryThreshold = RecoveryThreshold is { } recovery && Threshold != 0 ? own * (recovery / Threshold) : null }
            : this;
    }

    /// <summary>Returns the recovery threshold that belongs to another threshold: in the same proportion, or at the same distance where there is none; <see langword="null"/> without one.</summary>
    public double? RecoveryFor(double threshold)
    {
        if (RecoveryThreshold is not { } recovery)
        {
            return null;
        }

        var traits = SignalTraits.Of(Signal);
        double moved = Threshold > 0 ? threshold * (recovery / Threshold) : threshold + (recovery - Threshold);
        double rounded = Math.Clamp(Math.Round(moved, 6), traits.Min, traits.Max);
        return IsBeyond(rounded, threshold) ? threshold : rounded;
    }

    /// <summary>Whether a value raises an alert.</summary>
    public bool IsBeyond(double value) => IsBeyond(value, Threshold);

    /// <summary>Whether a value keeps a firing alert firing.</summary>
    public bool IsBeyondRecovery(double value) => IsBeyond(value, RecoveryThreshold ?? Threshold);

    private bool IsBeyond(double value, double limit) => Comparison == AlertComparison.Above ? value > limit : value < limit;
}
