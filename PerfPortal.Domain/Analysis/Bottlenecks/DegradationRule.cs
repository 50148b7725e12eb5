using PerfPortal.Domain.Analysis.Benchmarks;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Bottlenecks;

/// <summary>
/// The median duration of a name in the last six hours is at least <c>degradation_ratio</c> times that of the day before them, and the Mann–Whitney test
/// says p &lt; 0.01 after Holm's correction over all names that have at least <see cref="MinimumValues"/> durations on each side: of hundreds of names a few
/// would pass by chance. The day before holds every hour of the day once, so a rhythm of the day counts in it as a whole. Critical from twice the ratio on. It began when the six hours began.
/// </summary>
internal sealed class DegradationRule : IBottleneckRule
{
    /// <summary>The recent hours.</summary>
    public static readonly TimeSpan RecentWindow = TimeSpan.FromHours(6);

    /// <summary>Fewer durations on either side are not enough.</summary>
    public const long MinimumValues = 20;

    /// <summary>The significance that is asked for.</summary>
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
            Sentence = $"{change.Name} takes {Format.Number(ratio)} times as long as before: {Format.Seconds(now)} instead of {Format.Seconds(then)} in the median.",
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
