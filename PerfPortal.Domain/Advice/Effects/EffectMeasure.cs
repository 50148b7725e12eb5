using PerfPortal.Domain.Advice.Downloads;
using PerfPortal.Domain.Advice.HealthChecks;
using PerfPortal.Domain.Advice.History;

namespace PerfPortal.Domain.Advice.Effects;

/// <summary>Sorts recorded operations into strata for <see cref="EffectTest"/>.</summary>
internal static class EffectMeasure
{
    private const double Gibi = 1 << 30;

    /// <summary>Of downloads: seconds per GiB, among downloads from one host of one size within a factor of two.</summary>
    public static AdviceEffect Downloads(string? host, IReadOnlyList<PastDownload> downloads) => EffectTest.Compare(
        AdviceTopic.Download, host,
        downloads.Where(download => download.Bytes is not null || !download.Succeeded).GroupBy(download => (download.Key.Source, download.Key.Host)).SelectMany(Strata));

    /// <summary>Of fallbacks: seconds, among fallbacks of one group.</summary>
    public static AdviceEffect Fallbacks(string? name, IReadOnlyList<PastFallback> fallbacks) => EffectTest.Compare(
        AdviceTopic.Fallback, name,
        fallbacks.GroupBy(fallback => fallback.Key).Select(group => Stratum([.. group], fallback => fallback.Succeeded ? fallback.Seconds : null)));

    /// <summary>
    /// Of health checks: what the intervals between them cost, by the same measure as that by which they are advised (<see cref="InspectionPlan.Cost"/>), with the length that they had, the duration of the check that ended them and
    /// the rate of corruption of the model; among intervals of one model that ended with a full check, and among those that ended with a sampled one.
    /// </summary>
    /// <param name="checks">The checks of any models, in the order of their ends.</param>
    /// <param name="uses">How often each model was used in the last 7 days, by name; <see langword="null"/> when not known.</param>
    public static AdviceEffect Checks(IReadOnlyList<PastCheck> checks, IReadOnlyDictionary<string, long>? uses)
    {
        var strata = new List<(EffectStratum Costs, List<CheckPeriod> Periods)>();
        foreach (var model in checks.GroupBy(check => check.Key))
        {
            var ofModel = model.ToList();
            double rate = InspectionPlan.Rate(CheckCosts.Of(ofModel).Corruptions, CheckCosts.Of(ofModel).ExposedSeconds);
            double? perDay = uses is null ? null : uses.GetValueOrDefault(model.Key.Name) / AdviceHistory.KeptUses.TotalDays;
            foreach (var kind in CheckPeriod.Of(ofModel).GroupBy(period => period.EndsFull))
            {
                var since = kind.Any(period => period.IsAdvised) ? kind.SkipWhile(period => !period.IsAdvised).ToList() : kind.ToList();
                double? Cost(CheckPeriod period) => InspectionPlan.Cost(period.CheckSeconds, period.Seconds, rate, perDay);
                strata.Add((new([.. since.Where(period => period.IsAdvised).Select(Cost)], [.. since.Where(period => !period.IsAdvised).Select(Cost)]), since));
            }
        }

        var effect = EffectTest.Compare(AdviceTopic.HealthCheck, null, strata.Select(stratum => stratum.Costs));
        var compared = EffectTest.Comparable(strata.Select(stratum => stratum.Costs)).ToHashSet(ReferenceEqualityComparer.Instance);
        return effect with { Trade = CheckPeriod.Trade([.. strata.Where(stratum => compared.Contains(stratum.Costs)).Select(stratum => stratum.Periods)]) };
    }

    // A download that failed early may not know its size: then it counts among the size that is loaded most.
    private static IEnumerable<EffectStratum> Strata(IEnumerable<PastDownload> downloads)
    {
        var ordered = downloads.OrderBy(download => download.End).ThenBy(download => download.Id).ToList();
        var classes = ordered.Where(download => download.Succeeded).GroupBy(download => SizeClass.Fine(download.Bytes!.Value)).ToList();
        int most = classes.Count == 0 ? 0 : classes.OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;
        return ordered.GroupBy(download => (download.Succeeded ? download.Bytes : download.Total) is { } bytes ? SizeClass.Fine(bytes) : most)
            .Select(group => Stratum(AsAdvisedNow([.. group]), download => download.Succeeded ? download.Seconds / download.Bytes!.Value * Gibi : null));
    }

    // What is to be judged is the advice of now: downloads with other numbers of connections or files, from before they were explored, say nothing about it.
    private static List<PastDownload> AsAdvisedNow(List<PastDownload> downloads)
    {
        var last = downloads.FindLast(download => download.Advised == true);
        return last is null ? downloads
            : downloads.FindAll(download => download.Advised != true || (download.Connections, download.Concurrency) == (last.Connections, last.Concurrency));
    }

    // Before the first advised one there was nothing to choose between, and the times were different ones.
    private static EffectStratum Stratum<T>(List<T> operations, Func<T, double?> value)
        where T : PastOperation
    {
        int first = operations.FindIndex(operation => operation.Advised == true);
        var since = first < 0 ? operations : operations.Where(operation => operation.End >= operations[first].End).ToList();
        return new(
            [.. since.Where(operation => operation.Advised == true).Select(value)],
            [.. since.Where(operation => operation.Advised == false).Select(value)]);
    }
}
