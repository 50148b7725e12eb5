using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Comparison;

/// <summary>A comparison above the level of a name.</summary>
/// <param name="Now">The figures of the period, or <see langword="null"/> without operations.</param>
/// <param name="Base">The figures of the base period, or <see langword="null"/> without operations.</param>
/// <param name="Names">The names that both consist of.</param>
public sealed record StratifiedPair(StatisticsBuilder? Now, StatisticsBuilder? Base, IReadOnlyList<NamePair> Names);

/// <summary>
/// Verdicts on types and on all operations: on what the names did, not on how often they ran. Durations: the test of van Elteren within names, a performance part of at
/// least 5 %, and a 95 % interval of it that excludes no change; success rates: the test of Mantel and Haenszel within names. Holm-corrected like <see cref="Verdicts"/>.
/// Names that ended in one of the periods only take no part in the tests.
/// </summary>
public static class StratifiedVerdicts
{
    /// <summary>Compares each pair; the correction covers all of them.</summary>
    public static IReadOnlyList<Judgement> Judge(IReadOnlyList<StratifiedPair> pairs)
    {
        var tested = pairs.Select(pair => Tested.Of(pair)).ToList();
        double[] corrected = Verdicts.Holm(
            [.. tested.Where(item => item.Durations is not null).Select(item => item.Durations!.Value.PValue),
             .. tested.Where(item => item.Success is not null).Select(item => item.Success!.Value.PValue)]);
        int atDurations = 0;
        int atSuccess = tested.Count(item => item.Durations is not null);
        return
        [
            .. tested.Select(item => Judge(
                item, item.Durations is null ? null : corrected[atDurations++], item.Success is null ? null : corrected[atSuccess++])),
        ];
    }

    private static Judgement Judge(Tested item, double? durations, double? success)
    {
        var split = item.Split;
        var speed = Verdict.Unchanged;
        if (durations < Verdicts.Alpha && (item.IsSingle ? item.Ratio : split.PerformanceRatio) is { } ratio)
        {
            bool isSlower = item.Durations!.Value.Superiority > 0.5 && ratio >= 1 + Verdicts.MinimumEffect && (item.IsSingle || split.PerformanceLow > 1);
            bool isFaster = item.Durations.Value.Superiority < 0.5 && ratio <= 1 - Verdicts.MinimumEffect && (item.IsSingle || split.PerformanceHigh < 1);
            speed = isSlower ? Verdict.Regressed : isFaster ? Verdict.Improved : Verdict.Unchanged;
        }

        // Both signs must agree: with names that differ much, the excess of the test and the standardised rate can point in opposite directions.
        var rate = Verdict.Unchanged;
        if (success < Verdicts.Alpha && split.Success?.Performance is { } change)
        {
            rate = item.Success!.Value.Excess < 0 && change < 0 ? Verdict.Regressed : item.Success.Value.Excess > 0 && change > 0 ? Verdict.Improved : Verdict.Unchanged;
        }

        var verdict = !item.IsEnough ? Verdict.InsufficientData
            : speed == Verdict.Regressed || rate == Verdict.Regressed ? Verdict.Regressed
            : speed == Verdict.Improved || rate == Verdict.Improved ? Verdict.Improved : Verdict.Unchanged;
        return new(verdict, item.Ratio, durations, success, SplitText.Reason(split, verdict, speed, rate, item.Comparable)) { Split = split };
    }

    /// <param name="Split">The parts of the change.</param>
    /// <param name="Ratio">The ratio of medians.</param>
    /// <param name="Durations">The test of durations, or <see langword="null"/> with too few operations.</param>
    /// <param name="Success">The test of success rates, or <see langword="null"/> with too few operations.</param>
    /// <param name="Comparable">The smaller number of operations whose name ended in both periods.</param>
    /// <param name="IsSingle">Whether there is only one name; then the change that counts is that of its median, so that type and name get the same verdict.</param>
    private sealed record Tested(MixSplit Split, double? Ratio, RankComparison? Durations, StratifiedShares? Success, long Comparable, bool IsSingle)
    {
        public bool IsEnough => Comparable >= Verdicts.MinimumCount;

        public static Tested Of(StratifiedPair pair)
        {
            var names = new StratifiedComparison(pair.Names);
            long comparable = Math.Min(names.ComparableCount, names.BaseComparableCount);
            bool isEnough = comparable >= Verdicts.MinimumCount;
            return new(
                names.Split(), Verdicts.MedianRatio(pair.Now, pair.Base), isEnough ? names.TestDurations() : null, isEnough ? names.TestSuccess() : null, comparable, pair.Names.Count == 1);
        }
    }
}
