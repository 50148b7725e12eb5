using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Bottlenecks;

/// <summary>
/// The median duration of a name in the last six hours is at least <c>degradation_ratio</c> times that of the 24 hours before, and the Mann–Whitney test
/// is significant (p &lt; 0.01, Holm-corrected over all names with at least <see cref="MinimumValues"/> durations on each side, because with hundreds of names
/// some pass by chance). The baseline contains every hour of the day once, so daily patterns average out. Critical from twice the ratio on. Starts with the six hours.
/// </summary>
internal sealed class DegradationRule : IBottleneckRule
{
    /// <summary>The recent window.</summary>
    public static readonly TimeSpan RecentWindow = TimeSpan.FromHours(6);

    /// <summary>The minimum number of durations in the recent window and in the baseline.</summary>
    public const long MinimumValues = 20;

    /// <summary>The significance level.</summary>
    public const double Alpha = 0.01;

    private const int MaxFindings = 10;
    private const double CriticalFactor = 2;

    public IEnumerable<Bottleneck> Find(AnalysisInput input)
    {
        var tested = input.Recent
            .Where(change => change.Recent.Durations.Count >= MinimumValues && change.Before.Durations.Count >= MinimumValues)
            .Select(change => (Change: change, Test: MannWhitney.Compare(change.Recent.Durations, change.Before.Durations)!.Value))
            .ToList();
        double[] corrected = Verdicts.Holm([.. tested.Select(item => item.Test.PValue)]);
        return tested.Select((item, i) => Judge(input, item.Change, item.Test, corrected[i]))
            .OfType<Bottleneck>()
            .OrderByDescending(bottleneck => bottleneck.Value)
            .Take(MaxFindings);
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
            Sentence = $"Median duration of {change.Name} rose from {Format.Seconds(then)} to {Format.Seconds(now)} ({Format.Change(ratio - 1)}) compared with the previous day.",
            Value = ratio,
            Threshold = limit,
            Unit = "ratio",
            Since = change.Since,
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
}
