using PerfPortal.Domain.Advice.Downloads;
using PerfPortal.Domain.Advice.History;

namespace PerfPortal.Domain.Advice.Effects;

/// <summary>Sorts recorded operations into strata for <see cref="EffectTest"/>.</summary>
internal static class EffectMeasure
{
    private const double Gibi = 1 << 30;

    /// <summary>Of downloads: seconds per GiB, among downloads from one host of one size class.</summary>
    public static AdviceEffect Downloads(string? host, IReadOnlyList<PastDownload> downloads) => EffectTest.Compare(
        AdviceTopic.Download, host,
        downloads.Where(download => download.Bytes is not null || !download.Succeeded).GroupBy(download => (download.Key.Source, download.Key.Host)).SelectMany(Strata));

    /// <summary>Of fallbacks: seconds, among fallbacks of one group.</summary>
    public static AdviceEffect Fallbacks(string? name, IReadOnlyList<PastFallback> fallbacks) => EffectTest.Compare(
        AdviceTopic.Fallback, name,
        fallbacks.GroupBy(fallback => fallback.Key).Select(group => Stratum([.. group], fallback => fallback.Succeeded ? fallback.Seconds : null)));

    // A download that failed early does not know its size: it counts among the size that is loaded most.
    private static IEnumerable<EffectStratum> Strata(IEnumerable<PastDownload> downloads)
    {
        var ordered = downloads.OrderBy(download => download.End).ThenBy(download => download.Id).ToList();
        var classes = ordered.Where(download => download.Succeeded).GroupBy(download => SizeClass.Of(download.Bytes!.Value)).ToList();
        int most = classes.Count == 0 ? 0 : classes.OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First().Key;
        return ordered.GroupBy(download => download.Succeeded ? SizeClass.Of(download.Bytes!.Value) : most)
            .Select(group => Stratum([.. group], download => download.Succeeded ? download.Seconds / download.Bytes!.Value * Gibi : null));
    }

    // Before the first advised one there was nothing to choose between, and the times were different ones.
    private static EffectStratum Stratum<T>(List<T> operations, Func<T, double?> value)
        where T : PastOperation
    {
        int first = operations.FindIndex(operation => operation.Advised == true);
        var since = first < 0 ? [] : operations.Where(operation => operation.End >= operations[first].End).ToList();
        return new(
            [.. since.Where(operation => operation.Advised == true).Select(value)],
            [.. since.Where(operation => operation.Advised == false).Select(value)]);
    }
}
