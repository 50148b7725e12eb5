using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Comparison;

/// <summary>The result of a comparison with a baseline.</summary>
public enum Verdict : byte
{
    /// <summary>Too few operations in the period or in the baseline.</summary>
    InsufficientData,

    /// <summary>No change that is both statistically significant and large enough to matter.</summary>
    Unchanged,

    /// <summary>Faster or a higher success rate, and neither slower nor a lower success rate.</summary>
    Improved,

    /// <summary>Slower, or a lower success rate.</summary>
    Regressed,
}

/// <summary>A comparison of figures with a baseline.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Ratio">The median duration divided by that of the baseline; above 1 is slower; <see langword="null"/> when either has no durations.</param>
/// <param name="PValue">The p-value for durations: Mann–Whitney, two-sided, Holm-corrected, 0–1; <see langword="null"/> with too few operations.</param>
/// <param name="SuccessPValue">The p-value for success rates: Fisher's exact test or the two-proportion z test, two-sided, Holm-corrected, 0–1.</param>
/// <param name="Reason">The reason, in one sentence.</param>
public sealed record Judgement(Verdict Verdict, double? Ratio, double? PValue, double? SuccessPValue, string Reason)
{
    /// <summary>Above the level of a name: the parts of the change; the verdict is on the performance part alone. <see langword="null"/> for a single name.</summary>
    public MixSplit? Split { get; init; }

    /// <summary>The smallest slowdown that would have been found in four of five cases, as a share of the duration; <see langword="null"/> without enough data and above the level of a name.</summary>
    public double? LeastDetectable { get; init; }
}

/// <summary>
/// Compares figures with baselines. Durations: the Mann–Whitney U test and a median that differs by at least 5 %; success rates: a two-proportion test.
/// The family-wise error rate over all tests of one answer is α = 0.01 (Holm, "A simple sequentially rejective multiple test procedure", 1979):
/// without any true change, the probability of reporting one is at most 1 %. Above the level of a name see <see cref="StratifiedVerdicts"/>.
/// </summary>
public static class Verdicts
{
    /// <summary>A description of the tests, for answers.</summary>
    public const string TestName =
        "Mann–Whitney U on durations (medians differ by 5 % or more) and two-proportion test on success per name; van Elteren and Mantel–Haenszel within names for types and all "
        + "operations, so that a changed mix of names is no regression; Holm-corrected, α = 0.01";

    /// <summary>The probability of reporting any change when there is none.</summary>
    public const double Alpha = 0.01;

    /// <summary>The smallest relevant change of the median, as a share of it.</summary>
    public const double MinimumEffect = 0.05;

    /// <summary>The minimum number of operations in the period and in the baseline.</summary>
    public const long MinimumCount = 10;

    private static readonly string[] Names = ["insufficient_data", "unchanged", "improved", "regressed"];

    /// <summary>The wire name.</summary>
    public static string WireName(this Verdict verdict) => Names[(int)verdict];

    /// <summary>Compares each pair of figures; the correction covers all pairs.</summary>
    public static IReadOnlyList<Judgement> Judge(IReadOnlyList<(StatisticsBuilder? Now, StatisticsBuilder? Base)> pairs)
    {
        var tests = new (RankComparison? Durations, ShareComparison? Success)[pairs.Count];
        for (int i = 0; i < pairs.Count; i++)
        {
            tests[i] = Test(pairs[i].Now, pairs[i].Base);
        }

        double[] corrected = Holm(
            [.. tests.Where(test => test.Durations is not null).Select(test => test.Durations!.Value.PValue),
             .. tests.Where(test => test.Success is not null).Select(test => test.Success!.Value.PValue)]);
        int atDurations = 0;
        int atSuccess = tests.Count(test => test.Durations is not null);
        int all = corrected.Length;
        var judgements = new Judgement[pairs.Count];
        for (int i = 0; i < pairs.Count; i++)
        {
            double? durations = tests[i].Durations is null ? null : corrected[atDurations++];
            double? success = tests[i].Success is null ? null : corrected[atSuccess++];
            judgements[i] = Judge(pairs[i], tests[i], durations, success) with
            {
                LeastDetectable = tests[i].Durations is null ? null : DetectableChange.Of(pairs[i].Now!.Durations, pairs[i].Base!.Durations, Alpha / all, MinimumEffect),
            };
        }

        return judgements;
    }

    /// <summary>Holm's step-down correction: p-values in ascending order times n, n − 1, …, made monotonic and capped at 1; returned in the input order.</summary>
    internal static double[] Holm(double[] pValues)
    {
        int[] order = [.. Enumerable.Range(0, pValues.Length).OrderBy(i => pValues[i])];
        double[] corrected = new double[pValues.Length];
        double min = 0;
        for (int rank = 0; rank < order.Length; rank++)
        {
            min = Math.Max(min, Math.Min(1, pValues[order[rank]] * (order.Length - rank)));
            corrected[order[rank]] = min;
        }

        return corrected;
    }

    private static (RankComparison? Durations, ShareComparison? Success) Test(StatisticsBuilder? now, StatisticsBuilder? before)
    {
        if (now is null || before is null)
        {
            return default;
        }

        return now.Finished < MinimumCount || before.Finished < MinimumCount
            ? default
            : (MannWhitney.Compare(now.Durations, before.Durations), ProportionTest.Compare(now.Succeeded, now.Finished, before.Succeeded, before.Finished));
    }

    /// <summary>The median of a period divided by that of its base; <see langword="null"/> when either has no durations.</summary>
    internal static double? MedianRatio(StatisticsBuilder? now, StatisticsBuilder? before) =>
        now?.Quantile(0.5) is { } median && before?.Quantile(0.5) is { } baseline && baseline > 0 ? median / baseline : null;

    private static Judgement Judge(
        (StatisticsBuilder? Now, StatisticsBuilder? Base) pair, (RankComparison? Durations, ShareComparison? Success) test, double? durations, double? success)
    {
        double? ratio = MedianRatio(pair.Now, pair.Base);
        if (test.Durations is null && test.Success is null)
        {
            long count = pair.Now?.Finished ?? 0;
            long baseCount = pair.Base?.Finished ?? 0;
            string where = count < MinimumCount ? "" : " in the baseline";
            long has = count < MinimumCount ? count : baseCount;
            return new(Verdict.InsufficientData, ratio, null, null, $"Not enough data{where} (needs {MinimumCount} operations, has {has}).");
        }

        // Requires both: the rank test can be significant while the median moves the other way.
        bool isSlower = durations < Alpha && test.Durations!.Value.Superiority > 0.5 && ratio >= 1 + MinimumEffect;
        bool isFaster = durations < Alpha && test.Durations!.Value.Superiority < 0.5 && ratio <= 1 - MinimumEffect;
        bool failsMore = success < Alpha && test.Success!.Value.ShareA < test.Success.Value.ShareB;
        bool failsLess = success < Alpha && test.Success!.Value.ShareA > test.Success.Value.ShareB;
        var verdict = isSlower || failsMore ? Verdict.Regressed : isFaster || failsLess ? Verdict.Improved : Verdict.Unchanged;
        var parts = new List<string>();
        if (isSlower || isFaster)
        {
            parts.Add(ratio > 10
                ? $"the median is {Format.Change(ratio - 1)} the baseline"
                : $"the median {(isSlower ? "rose" : "fell")} by {Format.Percent(Math.Abs(ratio!.Value - 1) * 100)}");
        }

        if (failsMore || failsLess)
        {
            parts.Add($"the success rate {(failsMore ? "fell" : "rose")} from {Format.Ratio(test.Success!.Value.ShareB)} to {Format.Ratio(test.Success.Value.ShareA)}");
        }

        // The fact that decides the verdict comes first: fewer successes, while the median fell, are a regression.
        if (isFaster && failsMore)
        {
            parts.Reverse();
        }

        string reason = parts.Count == 0 ? "No significant change." : string.Join("; ", parts) + ".";
        return new(verdict, ratio, durations, success, char.ToUpperInvariant(reason[0]) + reason[1..]);
    }
}
