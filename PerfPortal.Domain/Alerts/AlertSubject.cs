using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Alerts;

/// <summary>The part of a rule's scope that one alert is about.</summary>
/// <param name="Source">The source or host; <see langword="null"/> for all.</param>
/// <param name="MetricType">The metric type; <see langword="null"/> for all.</param>
/// <param name="Name">The operation name; <see langword="null"/> for all.</param>
/// <param name="FindingId">The finding, for rules about findings.</param>
/// <param name="Part">The part of the portal, for rules about its own health.</param>
public sealed record AlertSubject(string? Source = null, MetricType? MetricType = null, string? Name = null, string? FindingId = null, string? Part = null)
{
    private string? _key;

    // A changed copy must not keep the text.
    private AlertSubject(AlertSubject other) => (Source, MetricType, Name, FindingId, Part) = (other.Source, other.MetricType, other.Name, other.FindingId, other.Part);

    /// <summary>Everything.</summary>
    public static AlertSubject Everything { get; } = new();

    /// <summary>Text that is equal for equal subjects only.</summary>
    public string Key => _key ??= string.Join('\u001f', Source, MetricType?.WireName(), Name, FindingId, Part);

    /// <summary>Whether both are the same; whether their text was asked for makes no difference.</summary>
    public bool Equals(AlertSubject? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Source == other.Source && MetricType == other.MetricType && Name == other.Name && FindingId == other.FindingId && Part == other.Part);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Source, MetricType, Name, FindingId, Part);
}

/// <summary>The names of the labels that every alert has, where its subject has them.</summary>
public static class AlertLabels
{
    /// <summary>The name of the rule.</summary>
    public const string AlertName = "alertname";

    /// <summary>The severity.</summary>
    public const string Severity = "severity";

    /// <summary>The source or host.</summary>
    public const string Source = "source";

    /// <summary>The wire name of the metric type.</summary>
    public const string MetricType = "metric_type";

    /// <summary>The operation name.</summary>
    public const string Name = "name";

    /// <summary>The wire name of the signal.</summary>
    public const string Signal = "signal";

    /// <summary>The part of the portal.</summary>
    public const string Part = "part";

    /// <summary>The names that a rule may not set itself.</summary>
    public static IReadOnlyList<string> Reserved { get; } = [AlertName, Severity, Source, MetricType, Name, Signal, Part];

    /// <summary>The labels of an alert: those of its rule, its severity and its subject.</summary>
    public static IReadOnlyDictionary<string, string> Of(AlertRule rule, AlertSubject subject)
    {
        ArgumentNullException.ThrowIfNull(rule);
        ArgumentNullException.ThrowIfNull(subject);
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in rule.Labels)
        {
            labels[name] = value;
        }

        labels[AlertName] = rule.Name;
        labels[Severity] = rule.Severity.WireName();
        labels[Signal] = rule.Signal.Kind.WireName();
        Add(Source, subject.Source);
        Add(MetricType, subject.MetricType?.WireName());
        Add(Name, subject.Name);
        Add(Part, subject.Part);
        return labels;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                labels[name] = value;
            }
        }
    }
}
