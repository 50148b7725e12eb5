using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Benchmarks;

/// <summary>What a comparison with a baseline says.</summary>
public enum Verdict : byte
{
    /// <summary>Too few operations on one side.</summary>
    InsufficientData,

    /// <summary>No difference that is both clear and large enough to matter.</summary>
    Unchanged,

    /// <summary>Faster, or more often successful, and neither slower nor less often successful.</summary>
    Improved,

    /// <summary>Slower, or less often successful.</summary>
    Regressed,
}

/// <summary>A comparison of figures with a baseline.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Ratio">The median duration through the baseline's; above 1 is slower; <see langword="null"/> without durations on a side.</param>
/// <param name="PValue">Of the durations: Mann–Whitney, two-sided, after Holm's correction, 0–1; <see langword="null"/> with too few.</param>
/// <param name="SuccessPValue">Of the success rates: Fisher's exact test or the two-proportion z test, two-sided, after Holm's correction, 0–1.</param>
/// <param name="Reason">One sentence for a person.</param>
public sealed record Judgement(Verdict Verdict, double? Ratio, double? PValue, double? SuccessPValue, string Reason);

/// <summary>
/// Judges figures against baselines. Durations: the Mann–Whitney U test and a median that differs by at least 5 %; success: the test of two shares.
/// α = 0.01 over all tests of one answer together (Holm, "A simple sequentially rejective multiple test procedure", 1979), so an answer without any
/// true change calls one with a probability of at most 1 %.
/// </summary>
public static class Verdicts
{
    /// <summary>The tests, for an answer that states them.</summary>
    public const string TestName = "Mann–Whitney U on durations (medians differ by 5 % or more) and two-proportion test on success, Holm-corrected, α = 0.01";

    /// <summary>The probability of calling any change when there is none.</summary>
    public const double Alpha = 0.01;

    /// <summary>The smallest change of the median that matters, as a share of it.</summary>
    public const double MinimumEffect = 0.05;

    /// <summary>The fewest operations on either side.</summary>
    public const long MinimumCount = 10;

    private static readonly string[] Names = ["insufficient_data", "unchanged", "improved", "regressed"];

    /// <summary>The name on the wire.</summary>
    public static string WireName(this Verdict verdict) => Names[(int)verdict];

    /// <summary>Judges each pair of figures; all belong to one answer.</summary>
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
        var judgements = new Judgement[pairs.Count];
        for (int i = 0; i < pairs.Count; i++)
        {
            double? durations = tests[i].Durations is null ? null : corrected[atDurations++];
            double? success = tests[i].Success is null ? null : corrected[atSuccess++];
            judgements[i] = Judge(pairs[i], tests[i], durations, success);
        }

        return judgements;
    }

    /// <summary>Holm's step-down correction: the p-values times n, n − 1, … from the smallest up, never falling, at most 1; in the given order.</summary>
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

    private static Judgement Judge(
        (StatisticsBuilder? Now, StatisticsBuilder? Base) pair, (RankComparison? Durations, ShareComparison? Success) test, double? durations, double? success)
    {
        double? ratio = pair.Now?.Quantile(0.5) is { } median && pair.Base?.Quantile(0.5) is { } baseline && baseline > 0 ? median / baseline : null;
        if (test.Durations is null && test.Success is null)
        {
            return new(Verdict.InsufficientData, ratio, null, null, $"Fewer than {MinimumCount} operations on one side.");
        }

        // Both: ranks alone may differ clearly while the median moves the other way.
        bool isSlower = durations < Alpha && test.Durations!.Value.Superiority > 0.5 && ratio >= 1 + MinimumEffect;
        bool isFaster = durations < Alpha && test.Durations!.Value.Superiority < 0.5 && ratio <= 1 - MinimumEffect;
        bool failsMore = success < Alpha && test.Success!.Value.ShareA < test.Success.Value.ShareB;
        bool failsLess = success < Alpha && test.Success!.Value.ShareA > test.Success.Value.ShareB;
        var verdict = isSlower || failsMore ? Verdict.Regressed : isFaster || failsLess ? Verdict.Improved : Verdict.Unchanged;
        var parts = new List<string>();
        if (isSlower || isFaster)
        {
            parts.Add($"the median is {Format.Number(ratio!.Value)} times the baseline's");
        }

        if (failsMore || failsLess)
        {
            parts.Add($"{Format.Ratio(test.Success!.Value.ShareA)} succeed instead of {Format.Ratio(test.Success.Value.ShareB)}");
        }

        string reason = parts.Count == 0 ? "No clear difference that matters." : string.Join("; ", parts) + ".";
        return new(verdict, ratio, durations, success, char.ToUpperInvariant(reason[0]) + reason[1..]);
    }
}
