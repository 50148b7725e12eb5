using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Comparison;

/// <summary>The figures of one name in two periods: a stratum of a comparison above the level of a name.</summary>
/// <param name="MetricType">The type.</param>
/// <param name="Name">The name.</param>
/// <param name="Now">The figures of the period, or <see langword="null"/> when it did not end in it.</param>
/// <param name="Base">The figures of the base period, or <see langword="null"/> when it did not end in it.</param>
public sealed record NamePair(MetricType MetricType, string Name, StatisticsBuilder? Now, StatisticsBuilder? Base);

/// <summary>
/// Splits a change into mix and performance by direct standardisation (Kitagawa, "Components of a difference between two rates", 1955; on logarithms as Oaxaca, "Male-female
/// wage differentials in urban labor markets", 1973): the present figure of each name is weighed with its share in the base period. A name that ended in only one of the
/// periods has nothing to be compared with and is mix. Success rates are split in the same way, as differences.
/// </summary>
public sealed class StratifiedComparison
{
    /// <summary>The maximum number of contributing names.</summary>
    public const int MaxContributions = 5;

    // The two-sided 95 % quantile of the normal distribution.
    private const double Interval = NormalDistribution.Z975;

    // A contribution below this (0.5 % of a duration, 0.05 points of success) is not named.
    private const double MinContribution = 0.005;
    private const double MinSuccessContribution = 0.0005;

    // From this many durations on, a name's own variance is used; below it, that of all names.
    private const long OwnVarianceFrom = 10;

    private readonly List<Stratum> _all;
    private readonly List<Stratum> _common;

    /// <summary>Creates a comparison over the names.</summary>
    public StratifiedComparison(IEnumerable<NamePair> names)
    {
        _all = [.. names.Select(Stratum.Of)];
        _common = [.. _all.Where(stratum => stratum.IsCommon)];
    }

    /// <summary>The number of names in either period.</summary>
    public int Names => _all.Count;

    /// <summary>The finished operations of the period whose name also ended in the base period.</summary>
    public long ComparableCount => _common.Sum(stratum => stratum.Now.Finished);

    /// <summary>The finished operations of the base period whose name also ended in the period.</summary>
    public long BaseComparableCount => _common.Sum(stratum => stratum.Base.Finished);

    /// <summary>Tests durations within names; <see langword="null"/> with too few comparable ones.</summary>
    public RankComparison? TestDurations() => VanElteren.Compare(_common.Select(stratum => (stratum.Now.Durations, stratum.Base.Durations)));

    /// <summary>Tests success rates within names; <see langword="null"/> without comparable operations.</summary>
    public StratifiedShares? TestSuccess() => MantelHaenszel.Compare(_common.Select(stratum =>
        new SuccessStratum(stratum.Now.Succeeded, stratum.Now.Finished, stratum.Base.Succeeded, stratum.Base.Finished)));

    /// <summary>Computes the split.</summary>
    public MixSplit Split()
    {
        double now = _all.Sum(stratum => (double)stratum.NowLog.Count);
        double before = _all.Sum(stratum => (double)stratum.BaseLog.Count);
        double common = _common.Sum(stratum => (double)stratum.BaseLog.Count);
        double baseMean = before == 0 ? 0 : _all.Sum(stratum => stratum.BaseLog.Count * stratum.BaseLog.Mean) / before;
        double? total = now == 0 || before == 0 ? null : _all.Sum(stratum => stratum.NowLog.Count * stratum.NowLog.Mean) / now - baseMean;
        double? performance = common == 0 ? null : _common.Sum(stratum => stratum.BaseLog.Count / common * stratum.LogChange);
        double? error = performance is null ? null : StandardError(common);
        var rates = new Rates(_all, _common);
        return new(
            Exp(total), Exp(performance), Exp(performance - Interval * error), Exp(performance + Interval * error), rates.Split(),
            Share(ComparableCount, rates.Now), Share(BaseComparableCount, rates.Base),
            [
                .. _all.Select(stratum => Contribution(stratum, now, before, common, baseMean, rates))
                    .Where(part => Weight(part) >= 1)
                    .OrderByDescending(Weight).ThenBy(part => part.MetricType).ThenBy(part => part.Name, StringComparer.Ordinal)
                    .Take(MaxContributions),
            ]);
    }

    private static MixContribution Contribution(Stratum stratum, double now, double before, double common, double baseMean, Rates rates)
    {
        double share = Share(stratum.NowLog.Count, now);
        double baseShare = Share(stratum.BaseLog.Count, before);
        double performance = stratum.IsCommon ? stratum.BaseLog.Count / common * stratum.LogChange : 0;

        // What remains of the change belongs to the mix; measured from the mean of the base period, because the shares of all names add up to one.
        double mix = share * (stratum.NowLog.Mean - baseMean) - baseShare * (stratum.BaseLog.Mean - baseMean) - performance;
        var (successPerformance, successMix) = rates.Of(stratum);
        return new(
            stratum.MetricType, stratum.Name, Share(stratum.Now.Finished, rates.Now), Share(stratum.Base.Finished, rates.Base),
            stratum.IsCommon ? Math.Exp(stratum.LogChange) : null, Math.Exp(performance), Math.Exp(now == 0 || before == 0 ? 0 : mix), successPerformance, successMix);
    }

    /// <summary>The largest part of a contribution, in units of the smallest one that is named.</summary>
    private static double Weight(MixContribution part) => Math.Max(
        Math.Max(Math.Abs(Math.Log(part.MixRatio)), Math.Abs(Math.Log(part.PerformanceRatio))) / MinContribution,
        Math.Max(Math.Abs(part.SuccessMix), Math.Abs(part.SuccessPerformance)) / MinSuccessContribution);

    /// <summary>The standard error of the performance part's logarithm; <see langword="null"/> when no name has two durations.</summary>
    private double? StandardError(double common)
    {
        double freedom = _common.Sum(stratum => (double)(stratum.NowLog.Count + stratum.BaseLog.Count - 2));
        if (freedom <= 0)
        {
            return null;
        }

        double pooled = _common.Sum(stratum => stratum.NowLog.Squares + stratum.BaseLog.Squares) / freedom;
        double Of(LogMoments moments) => (moments.Count >= OwnVarianceFrom ? moments.Variance : pooled) / moments.Count;
        return Math.Sqrt(_common.Sum(stratum =>
        {
            double weight = stratum.BaseLog.Count / common;
            return weight * weight * (Of(stratum.NowLog) + Of(stratum.BaseLog));
        }));
    }

    private static double? Exp(double? value) => value is { } known ? Math.Exp(known) : null;

    private static double Share(double part, double whole) => whole == 0 ? 0 : part / whole;

    private sealed record Stratum(MetricType MetricType, string Name, StatisticsBuilder Now, StatisticsBuilder Base, LogMoments NowLog, LogMoments BaseLog)
    {
        public bool IsCommon => NowLog.Count > 0 && BaseLog.Count > 0;

        public double LogChange => NowLog.Mean - BaseLog.Mean;

        public static Stratum Of(NamePair pair)
        {
            var now = pair.Now ?? new();
            var before = pair.Base ?? new();
            var (nowLog, baseLog) = LogMoments.Of(now.Durations, before.Durations);
            return new(pair.MetricType, pair.Name, now, before, nowLog, baseLog);
        }
    }

    /// <summary>The split of the success rate.</summary>
    private sealed class Rates(List<Stratum> all, List<Stratum> common)
    {
        private readonly double _common = common.Sum(stratum => (double)stratum.Base.Finished);
        private readonly double _baseRate = Share(all.Sum(stratum => (double)stratum.Base.Succeeded), all.Sum(stratum => (double)stratum.Base.Finished));

        public double Now { get; } = all.Sum(stratum => (double)stratum.Now.Finished);

        public double Base { get; } = all.Sum(stratum => (double)stratum.Base.Finished);

        public SuccessSplit? Split() => Now == 0 || Base == 0
            ? null
            : new(all.Sum(stratum => (double)stratum.Now.Succeeded) / Now - _baseRate, _common == 0 ? null : common.Sum(stratum => Of(stratum).Performance));

        public (double Performance, double Mix) Of(Stratum stratum)
        {
            double rate = Share(stratum.Now.Succeeded, stratum.Now.Finished);
            double baseRate = Share(stratum.Base.Succeeded, stratum.Base.Finished);
            double performance = stratum.IsCommon ? stratum.Base.Finished / _common * (rate - baseRate) : 0;
            return Now == 0 || Base == 0
                ? (0, 0)
                : (performance, stratum.Now.Finished / Now * (rate - _baseRate) - stratum.Base.Finished / Base * (baseRate - _baseRate) - performance);
        }
    }
}
