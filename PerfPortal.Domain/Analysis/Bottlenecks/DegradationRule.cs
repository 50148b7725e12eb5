using PerfPortal.Domain.Analysis.Comparison;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Bottlenecks;

/// <summary>
/// The median duration of a name in the recent window (<see cref="Settings.AnalysisWindows"/>, six hours) is at least <c>degradation_ratio</c> times that of the day or days before, and the Mann–Whitney test
/// is significant (p &lt; 0.01, Holm-corrected over all names with at least <see cref="MinimumValues"/> durations on each side, because with hundreds of names
/// some pass by chance). The names of a type with fewer are judged together, at an unchanged mix (<see cref="StratifiedComparison"/>). A name without a baseline, or a changed
/// mix of names, is no degradation. The baseline contains every hour of the day once, so daily patterns average out. Critical from twice the ratio on. Starts when the durations changed.
/// </summary>
internal sealed class DegradationRule : IBottleneckRule
{
    /// <summary>The minimum number of durations in the recent window and in the baseline.</summary>
    public const long MinimumValues = 20;

    /// <summary>The significance level.</summary>
    public const double Alpha = 0.01;

    private const int MaxFindings = 10;
    private const double CriticalFactor = 2;

    public IEnumerable<Bottleneck> Find(AnalysisInput input)
    {
        var tested = input.Recent.Where(IsEnough)
            .Select(change => (Change: change, Test: MannWhitney.Compare(change.Recent.Durations, change.Before.Durations)!.Value))
            .ToList();
        var rare = input.Recent.Where(change => !IsEnough(change)).GroupBy(change => change.MetricType)
            .Select(type => RareNames.Of(type.Key, [.. type])).Where(type => type.Test is not null).ToList();
        double[] corrected = Verdicts.Holm([.. tested.Select(item => item.Test.PValue), .. rare.Select(type => type.Test!.Value.PValue)]);
        return tested.Select((item, i) => Judge(input, item.Change, item.Test, corrected[i]))
            .Concat(rare.Select((type, i) => Judge(input, type, corrected[tested.Count + i])))
            .OfType<Bottleneck>()
            .OrderByDescending(bottleneck => bottleneck.Value)
            .Take(MaxFindings);
    }

    private static string PreviousDays(AnalysisInput input) => input.Windows.Baseline.TotalDays is var days && days > 1 ? $"{Format.Number(days)} days" : "day";

    private static bool IsEnough(RecentChange change) => change.Recent.Durations.Count >= MinimumValues && change.Before.Durations.Count >= MinimumValues;

    private static Bottleneck? Judge(AnalysisInput input, RareNames type, double pValue)
    {
        double limit = input.Thresholds.DegradationRatio;
        if (type.Split is not { PerformanceRatio: { } ratio, PerformanceLow: > 1 } || ratio < limit || pValue >= Alpha || type.Test!.Value.Superiority <= 0.5)
        {
            return null;
        }

        return new()
        {
            Kind = BottleneckKinds.Degradation,
            Severity = ratio >= CriticalFactor * limit ? Severity.Critical : Severity.Warning,
            Sentence = $"Durations of {Format.Count(type.Names)} {(type.Names == 1 ? "name" : "names")} of {OperationNouns.Plural(type.MetricType)} that run too rarely to be judged alone are "
                + $"{Format.Change(ratio - 1)} compared with the previous {PreviousDays(input)}, at the same mix of names.",
            Value = ratio,
            Threshold = limit,
            Unit = "ratio",
            Since = type.Since,
            Onset = type.OnsetOf(input, ratio),
            Source = input.Source,
            MetricType = type.MetricType,
            Evidence = new()
            {
                SampleCount = type.Count,
                BeyondLimit = 0,
                Numbers =
                [
                    new("performance_ratio", ratio, "ratio"), new("values_before", type.BaseCount, ""), new("p_value", pValue, ""),
                    new("superiority", type.Test.Value.Superiority, "share"),
                ],
            },
        };
    }

    private static Bottleneck? Judge(AnalysisInput input, RecentChange change, RankComparison test, double pValue)
    {
        if (change.Recent.Quantile(0.5) is not { } now || change.Before.Quantile(0.5) is not ({ } then and > 0))
        {
            return null;
        }

        double limit = input.Thresholds.DegradationRatio;
        double ratio = now / then;
        if (ratio < limit || pValue >= Alpha || test.Superiority <= 0.5)
        {
            return null;
        }

        var recent = change.Recent.Durations;
        return new()
        {
            Kind = BottleneckKinds.Degradation,
            Severity = ratio >= CriticalFactor * limit ? Severity.Critical : Severity.Warning,
            Sentence = $"Median duration of {change.Name} rose from {Format.Seconds(then)} to {Format.Seconds(now)} ({Format.Change(ratio - 1)}) compared with the previous {PreviousDays(input)}.",
            Value = ratio,
            Threshold = limit,
            Unit = "ratio",
            Since = change.Since,
            Onset = OnsetOf(input, change.MetricType, change.Name, [(change, Math.Sqrt(now * then))]),
            Source = input.Source,
            MetricType = change.MetricType,
            OperationName = change.Name,
            Evidence = new()
            {
                SampleCount = recent.Count,
                BeyondLimit = recent.CountAbove(then * limit),
                Share = (double)recent.CountAbove(then * limit) / recent.Count,
                Numbers =
                [
                    new("median_now", now, "s"), new("median_before", then, "s"), new("values_before", change.Before.Durations.Count, ""),
                    new("p_value", pValue, ""), new("superiority", test.Superiority, "share"),
                ],
            },
        };
    }

    /// <summary>
    /// Between the two levels of each name lies a duration that is exceeded more often now than before; the condition began when the share above it left the middle of both shares.
    /// </summary>
    private static OnsetQuery OnsetOf(AnalysisInput input, MetricType type, string? name, IReadOnlyList<(RecentChange Change, double Between)> names)
    {
        var limits = names.ToDictionary(item => item.Change.Name, item => item.Between, StringComparer.Ordinal);
        double Share(Func<RecentChange, DurationSketch> of) =>
            names.Sum(item => (double)of(item.Change).CountAbove(item.Between)) / names.Sum(item => (double)of(item.Change).Count);
        double? LimitOf(string? of) => limits.TryGetValue(of ?? name ?? "", out double limit) ? limit : null;
        return new(
            new() { Source = input.Source, MetricType = type, Name = name }, (Share(change => change.Recent.Durations) + Share(change => change.Before.Durations)) / 2,
            (of, figures) => LimitOf(of) is { } limit ? new(figures.Durations.Count, figures.Durations.CountAbove(limit)) : default, ByName: name is null)
        {
            MinDuration = Microseconds.FromSeconds(limits.Values.Min()),
            Earliest = names[0].Change.Since - input.Windows.Baseline,
            IsBeyond = operation => operation.Duration?.TotalSeconds > LimitOf(operation.Name),
        };
    }

    /// <summary>The names of a type that each have too few durations, judged together by the stratified test.</summary>
    private sealed record RareNames(MetricType MetricType, IReadOnlyList<RecentChange> Changes, long Count, long BaseCount, RankComparison? Test, MixSplit Split, DateTimeOffset Since)
    {
        public static RareNames Of(MetricType type, List<RecentChange> names)
        {
            var compared = new StratifiedComparison(names.Select(name => new NamePair(type, name.Name, name.Recent, name.Before)));
            var (count, baseCount) = (compared.ComparableCount, compared.BaseComparableCount);
            return new(
                type, names, count, baseCount, count >= MinimumValues && baseCount >= MinimumValues ? compared.TestDurations() : null, compared.Split(), names[0].Since);
        }

        public int Names => Changes.Count;

        public OnsetQuery OnsetOf(AnalysisInput input, double ratio) => DegradationRule.OnsetOf(
            input, MetricType, null, [.. Changes.Where(change => change.Before.Quantile(0.5) is > 0).Select(change => (change, change.Before.Quantile(0.5)!.Value * Math.Sqrt(ratio)))]);
    }
}
