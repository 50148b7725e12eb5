using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Alerts.Signals;
using PerfPortal.Domain.Analysis.Suggestions;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Alerts.Preview;

/// <summary>A threshold for a rule that its history suggests.</summary>
/// <param name="Threshold">The threshold; <see langword="null"/> without enough calm minutes.</param>
/// <param name="FalseAlarmRate">The share of calm minutes that may be in alarm, as asked, 0–1.</param>
/// <param name="RateNow">The share of calm minutes that the rule's own threshold would put in alarm.</param>
/// <param name="Minutes">The calm minutes of all subjects that were looked at.</param>
/// <param name="Sentence">The suggestion in words, with the numbers.</param>
/// <param name="Recovery">The recovery threshold that belongs to it; <see langword="null"/> when the rule has none.</param>
public sealed record SuggestedThreshold(double? Threshold, double FalseAlarmRate, double? RateNow, long Minutes, string Sentence, double? Recovery = null);

/// <summary>
/// Suggests a threshold: the quantile of what was sustained for the rule's <c>for</c> in calm minutes, those outside known incidents and alerts of the same kind, so that a stated share of them
/// would be in alarm. Holds at most <see cref="MaxHeld"/> values; of more, every second one is left out, again and again. Not thread-safe.
/// </summary>
internal sealed class ThresholdAdvice(AlertRule rule, IEnumerable<Finding> findings, IEnumerable<Alert> alerts)
{
    /// <summary>The maximum number of values that are held: 16 MB.</summary>
    public const int MaxHeld = 2_000_000;

    /// <summary>The minimum number of calm minutes: a day.</summary>
    public const int EnoughMinutes = 24 * 60;

    private readonly List<Disturbance> _disturbances =
    [
        .. findings.Where(finding => KnownIncident.Disturbs(rule, finding))
            .Select(finding => new Disturbance(finding.Latest.SinceLow, finding.Until ?? DateTimeOffset.MaxValue, finding.Latest.Subject.Source, finding.Latest.Subject.Name)),
        .. alerts.Where(alert => KnownIncident.Disturbs(rule, alert))
            .Select(alert => new Disturbance(alert.Status.PendingSince ?? alert.Status.FiringSince!.Value, alert.Status.ResolvedAt ?? DateTimeOffset.MaxValue, alert.Subject.Source, alert.Subject.Name)),
    ];

    private readonly Dictionary<AlertSubject, SustainedValues> _subjects = [];
    private List<double> _values = [];
    private long _seen;
    private int _stride = 1;
    private long _beyond;

    private bool IsAbove => rule.Comparison == AlertComparison.Above;

    /// <summary>Takes what was measured at a minute.</summary>
    public void Step(DateTimeOffset at, RuleObservation observation)
    {
        long minute = RollupBuckets.Of(RollupResolution.Minute, at);
        foreach (var measured in observation.Values)
        {
            if (measured.Value is not { } value || !double.IsFinite(value) || IsDisturbed(measured.Subject, at))
            {
                continue;
            }

            if (!_subjects.TryGetValue(measured.Subject, out var sustained))
            {
                _subjects.Add(measured.Subject, sustained = new((int)rule.For.TotalMinutes, IsAbove));
            }

            if (sustained.Add(minute, value) is { } least)
            {
                _beyond += rule.AppliedTo(measured.Subject).IsBeyond(least) ? 1 : 0;
                Hold(least);
            }
        }
    }

    /// <summary>Returns the suggestion.</summary>
    /// <param name="rate">The share of calm minutes that may be in alarm, above 0 and below 1.</param>
    public SuggestedThreshold Suggest(double rate)
    {
        if (_seen < EnoughMinutes)
        {
            return new(null, rate, null, _seen, $"Not enough data: {Format.Count(_seen)} of {Format.Count((long)EnoughMinutes)} calm minutes.");
        }

        _values.Sort();
        int rank = (int)Math.Ceiling((1 - rate) * _values.Count) - 1;
        double value = _values[Math.Clamp(IsAbove ? rank : _values.Count - 1 - rank, 0, _values.Count - 1)];
        var traits = SignalTraits.Of(rule.Signal);
        double threshold = Math.Clamp(IsAbove ? DailyLimit.TwoDigits(value) : TwoDigitsDown(value), traits.Min, traits.Max);
        double now = (double)_beyond / _seen;
        string unit = AlertWords.Threshold(rule.Signal, rule.Comparison, threshold);
        double? recovery = rule.RecoveryFor(threshold);
        string resolved = recovery is { } back && !back.Equals(threshold) ? $" Alerts would resolve at {AlertWords.Value(rule.Signal, back)}." : "";
        return new(
            threshold, rate, now, _seen,
            $"A threshold {unit} would put at most {Format.Ratio(rate)} of {Format.Count(_seen)} calm minutes in alarm; {AlertWords.Threshold(rule.Signal, rule.Comparison, rule.Threshold)} puts {Format.Ratio(now)}.{resolved}", recovery);
    }

    /// <summary>Two significant digits, rounded down.</summary>
    internal static double TwoDigitsDown(double value)
    {
        if (value <= 0)
        {
            return 0;
        }

        double unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return Math.Round(Math.Floor((value / unit) + 1e-9) * unit, 6);
    }

    private void Hold(double value)
    {
        if (_seen++ % _stride != 0)
        {
            return;
        }

        _values.Add(value);
        if (_values.Count >= MaxHeld)
        {
            _values = [.. _values.Where((_, index) => index % 2 == 0)];
            _stride *= 2;
        }
    }

    private bool IsDisturbed(AlertSubject subject, DateTimeOffset at) => _disturbances.Count > 0 && _disturbances.Exists(known =>
        at >= known.From && at <= known.To
        && (subject.Source is null || known.Source is null || subject.Source == known.Source)
        && (subject.Name is null || known.Name is null || subject.Name == known.Name));

    /// <summary>A time that is not calm.</summary>
    private readonly record struct Disturbance(DateTimeOffset From, DateTimeOffset To, string? Source, string? Name);
}
