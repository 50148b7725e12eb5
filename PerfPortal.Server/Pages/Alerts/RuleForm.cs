using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Pages.Alerts;

/// <summary>A rule as a form edits it: times in minutes, shares in percent. It is judged by the validator of the domain.</summary>
internal sealed class RuleForm
{
    private const double Percent = 100;

    private readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    private Dictionary<string, string> _errors = [];
    private readonly AlertRule _unchanged;

    /// <summary>Creates a form for a rule; <see langword="null"/> for a new one.</summary>
    public RuleForm(AlertRule? rule)
    {
        Loaded = rule;
        Fill(rule ?? new() { Id = "", Name = "", Signal = new(AlertSignalKind.Resource, ResourceMetric.CpuPercent), Threshold = 90, Per = AlertPer.Source, For = TimeSpan.FromMinutes(5) });
        _unchanged = Make();
        Check();
    }

    /// <summary>The rule as it was loaded; <see langword="null"/> for a new one.</summary>
    public AlertRule? Loaded { get; private set; }

    public string? Name { get; set; }

    public bool IsEnabled { get; set; } = true;

    public AlertSignalKind Kind { get; private set; }

    public ResourceMetric? Metric { get; private set; }

    /// <summary>The quantile, percent.</summary>
    public double? Quantile { get; set; }

    public FindingKind? FindingKind { get; set; }

    public Domain.Findings.Severity? MinSeverity { get; set; }

    public string? Source { get; set; }

    public MetricType? MetricType { get; set; }

    public string? OperationName { get; set; }

    public AlertPer Per { get; set; }

    public AlertComparison Comparison { get; set; }

    /// <summary>The threshold, in <see cref="Unit"/>.</summary>
    public double? Threshold { get; set; }

    /// <summary>The recovery threshold, in <see cref="Unit"/>.</summary>
    public double? Recovery { get; set; }

    public double? WindowMinutes { get; set; }

    public double? ForMinutes { get; set; }

    public double? KeepMinutes { get; set; }

    public int? MinOperations { get; set; }

    public AlertSeverity Severity { get; set; }

    public List<LabelRow> Labels { get; private set; } = [];

    public string? Note { get; set; }

    /// <summary>What a rule on the signal can say.</summary>
    public SignalTraits Traits => SignalTraits.Of(new(Kind, Metric, FindingKind: FindingKind));

    /// <summary>The unit of the thresholds.</summary>
    public string Unit => Traits.Unit == "share" ? "%" : Traits.Unit;

    /// <summary>Whether there are mistakes.</summary>
    public bool HasErrors => _errors.Count > 0;

    /// <summary>Whether only what people read is wrong, so that it is known what the rule would do.</summary>
    public bool CanTry => _errors.Keys.All(member => member is "name" or "note" or "labels");

    /// <summary>Whether anything differs from what was loaded.</summary>
    public bool IsDirty => !IsSame(Make(), _unchanged);

    /// <summary>Returns what is wrong with a member, once it was edited or the form was to be saved; <see langword="null"/> for nothing.</summary>
    public string? Error(string field) => _touched.Contains(field) || _touched.Contains("*")
        ? _errors.FirstOrDefault(error => error.Key == field || error.Key.StartsWith(field + ".", StringComparison.Ordinal)).Value
        : null;

    /// <summary>From now on mistakes of a member are shown.</summary>
    public void Touch(string field)
    {
        _touched.Add(field);
        Check();
    }

    /// <summary>From now on all mistakes are shown, and those that the book of rules found.</summary>
    public void ShowErrors(IEnumerable<AlertRuleError>? more = null)
    {
        _touched.Add("*");
        Check();
        foreach (var error in more ?? [])
        {
            _errors.TryAdd(error.Field, Words(error));
        }
    }

    /// <summary>Chooses another signal, and resets what it cannot say.</summary>
    public void Choose(AlertSignalKind kind)
    {
        if (kind == Kind)
        {
            return;
        }

        Kind = kind;
        Metric = kind == AlertSignalKind.Resource ? ResourceMetric.CpuPercent : null;
        Quantile = kind == AlertSignalKind.Duration ? 95 : null;
        (FindingKind, MinSeverity) = (null, null);
        Comparison = kind is AlertSignalKind.Throughput or AlertSignalKind.Score ? AlertComparison.Below : AlertComparison.Above;
        (Threshold, Recovery) = (DefaultOf(kind), null);
        Settle();
    }

    /// <summary>Chooses another metric; a threshold in another unit is reset.</summary>
    public void Choose(ResourceMetric metric)
    {
        string before = Unit;
        Metric = metric;
        if (Unit != before)
        {
            (Threshold, Recovery) = (null, null);
        }

        Touch("threshold");
    }

    /// <summary>Returns the rule, or <see langword="null"/> when there are mistakes.</summary>
    public AlertRule? Build() => HasErrors ? null : Make();

    /// <summary>Returns the rule as it can be replayed, or <see langword="null"/> when it cannot.</summary>
    public AlertRule? ToTry() => CanTry ? Make() : null;

    /// <summary>Goes on editing over another version.</summary>
    public void Rebase(AlertRule rule) => Loaded = rule;

    /// <summary>Sets the threshold, and the recovery threshold that belongs to it, given in the unit of the signal.</summary>
    public void Suggest(double threshold, double? recovery)
    {
        (Threshold, Recovery) = (Shown(threshold), Shown(recovery));
        Touch("threshold");
        Touch("recovery_threshold");
    }

    private void Fill(AlertRule rule)
    {
        Kind = rule.Signal.Kind;
        Metric = rule.Signal.Metric;
        (Name, IsEnabled, Quantile) = (rule.Name, rule.IsEnabled, rule.Signal.Quantile * Percent);
        (FindingKind, MinSeverity) = (rule.Signal.FindingKind, rule.Signal.MinSeverity);
        (Source, MetricType, OperationName) = (rule.Scope.Source, rule.Scope.MetricType, rule.Scope.Name);
        (Per, Comparison, Threshold, Recovery) = (rule.Per, rule.Comparison, Shown(rule.Threshold), Shown(rule.RecoveryThreshold));
        (WindowMinutes, ForMinutes, KeepMinutes) = (rule.Window.TotalMinutes, rule.For.TotalMinutes, rule.KeepFiringFor.TotalMinutes);
        (MinOperations, Severity, Note) = (rule.MinOperations, rule.Severity, rule.Note);
        Labels = LabelRow.Of(rule.Labels);
    }

    private void Settle()
    {
        var traits = Traits;
        Per = traits.Per.Contains(Per) ? Per : traits.Per[0];
        MinOperations = traits.HasMinOperations ? MinOperations : 0;
        Source = traits.HasSource ? Source : null;
        (MetricType, OperationName) = traits.HasOperations ? (MetricType, OperationName) : (null, null);
        Check();
    }

    private AlertRule Make() => new()
    {
        Id = Loaded?.Id ?? "",
        Version = Loaded?.Version ?? 0,
        Name = Name?.Trim() ?? "",
        IsEnabled = IsEnabled,
        Signal = new(Kind, Metric, Quantile / Percent, FindingKind, MinSeverity),
        Scope = new(Text(Source), MetricType, Text(OperationName)),
        Per = Per,
        Comparison = Comparison,
        Threshold = Wire(Threshold) ?? double.NaN,
        RecoveryThreshold = Wire(Recovery),
        Window = Minutes(WindowMinutes),
        For = Minutes(ForMinutes),
        KeepFiringFor = Minutes(KeepMinutes),
        MinOperations = MinOperations ?? 0,
        Severity = Severity,
        UsesFindingSeverity = Kind == AlertSignalKind.Finding && Loaded is { UsesFindingSeverity: true } loaded && loaded.Severity == Severity,
        Labels = LabelRow.ToLabels(Labels),
        Note = Text(Note),
    };

    private void Check()
    {
        var errors = AlertRuleValidator.Check(Make()).DistinctBy(error => error.Field).ToDictionary(error => error.Field, Words);
        if (LabelRow.Repeated(Labels) is { } repeated)
        {
            errors["labels"] = $"The label {repeated} is there twice.";
        }

        _errors = errors;
    }

    private string Words(AlertRuleError error) => error.Field switch
    {
        "name" when string.IsNullOrWhiteSpace(Name) => "Enter a name.",
        "threshold" => $"Enter a number from {Format.Exact(Shown(Traits.Min) ?? 0)} to {Format.Exact(Shown(Traits.Max) ?? 0, Unit)}.",
        "recovery_threshold" => $"Enter a number {(Comparison == AlertComparison.Above ? "at or below" : "at or above")} the threshold, from {Format.Exact(Shown(Traits.Min) ?? 0)} to {Format.Exact(Shown(Traits.Max) ?? 0, Unit)}.",
        "signal.quantile" => "Enter a percentile above 0 and below 100, such as 95.",
        "window_seconds" => $"Enter whole minutes from 1 to {Format.Count((long)AlertRuleValidator.MaxWindow.TotalMinutes)}.",
        "for_seconds" or "keep_firing_for_seconds" => $"Enter minutes from 0 to {Format.Count((long)AlertRuleValidator.MaxFor.TotalMinutes)}.",
        _ => error.Detail,
    };

    private double? Shown(double? value) => Traits.Unit == "share" && value is { } share ? Math.Round(share * Percent, 9) : value;

    private double? Wire(double? value) => Traits.Unit == "share" ? value / Percent : value;

    /// <summary>A time that cannot be is left to the validator, which says what is allowed.</summary>
    private static TimeSpan Minutes(double? minutes) => minutes is >= 0 and < 1_000_000 ? TimeSpan.FromMinutes(minutes.Value) : TimeSpan.FromMinutes(-1);

    private static string? Text(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static bool IsSame(AlertRule one, AlertRule other) =>
        (one with { Labels = other.Labels, Version = other.Version }).Equals(other) && one.Labels.OrderBy(label => label.Key).SequenceEqual(other.Labels.OrderBy(label => label.Key));

    private static double DefaultOf(AlertSignalKind kind) => kind switch
    {
        AlertSignalKind.Resource => 90,
        AlertSignalKind.FailureRate => 10,
        AlertSignalKind.Duration => 60,
        AlertSignalKind.Throughput => 1,
        AlertSignalKind.RunningFor => 3600,
        AlertSignalKind.NoData => 600,
        AlertSignalKind.Score => 70,
        _ => 0,
    };
}
