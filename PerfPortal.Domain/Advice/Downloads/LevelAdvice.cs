using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Advice.Downloads;

/// <summary>The number of connections, and of files at the same time, by the throughput measured at each level: the smallest level within 5 % of the best.</summary>
internal static class LevelAdvice
{
    /// <summary>A level counts when it was measured this often.</summary>
    internal const int MinPerLevel = 5;

    private const double Near = 0.95;

    /// <summary>Adds the items of connections and concurrency.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="downloads">Downloads of comparable size.</param>
    /// <param name="among">Words for which downloads these are.</param>
    public static void Add(AdviceWriter answer, IReadOnlyList<PastDownload> downloads, string among)
    {
        Add(answer, AdviceKinds.Connections, AdviceKinds.ConnectionsTrial, [.. downloads.Where(one => one.Connections is not null).Select(one => (one.Connections!.Value, one.Speed!.Value))], among, "connection");

        // What counts is what all files at the same time receive together.
        Add(
            answer, AdviceKinds.Concurrency, AdviceKinds.ConcurrencyTrial,
            [.. downloads.Where(one => one.Concurrency is not null).Select(one => (one.Concurrency!.Value, one.Speed!.Value * one.Concurrency.Value))], among, "file");
    }

    /// <summary>The levels that were measured, in ascending order.</summary>
    internal static List<MeasuredLevel> Measured(IEnumerable<(int Level, double Speed)> values, double max) =>
    [
        .. values.Where(item => item.Level <= max).GroupBy(item => item.Level).OrderBy(group => group.Key)
            .Select(group => (group.Key, Sorted: group.Select(item => item.Speed).Order().ToArray()))
            .Select(item => new MeasuredLevel(item.Key, item.Sorted.Length, Robust.Median(item.Sorted)!.Value, Confidence.OfSorted(item.Sorted))),
    ];

    /// <summary>The smallest level whose median is within 5 % of the best median, among those measured often enough; <see langword="null"/> without any.</summary>
    internal static MeasuredLevel? Best(IReadOnlyList<MeasuredLevel> measured)
    {
        var known = measured.Where(level => level.Count >= MinPerLevel).ToList();
        return known.Count == 0 ? null : known.First(level => level.Median >= Near * known.Max(other => other.Median));
    }

    /// <summary>The next level to try beside the best: twice as many, else half as many, if it was not measured often enough yet.</summary>
    internal static int? Untried(IReadOnlyList<MeasuredLevel> measured, int best, double max)
    {
        bool IsKnown(int level) => measured.Any(item => item.Level == level && item.Count >= MinPerLevel);
        return 2 * best <= max && !IsKnown(2 * best) ? 2 * best : best > 1 && !IsKnown(best / 2) ? best / 2 : null;
    }

    private static void Add(AdviceWriter answer, string kind, string trial, List<(int Level, double Speed)> values, string among, string noun)
    {
        double max = AdviceCatalog.Find(kind)!.Max;
        var measured = Measured(values, max);
        int count = measured.Sum(level => level.Count);
        if (count < Confidence.MinSamples || Best(measured) is not { } best)
        {
            answer.Default(kind, null, count, $"Only {Format.Count(count)} successful downloads {among} say how many {noun}s they used; at least {Confidence.MinSamples} are needed.");
            return;
        }

        var others = measured.Where(level => level != best && level.Count >= MinPerLevel).ToList();
        if (others.Count == 0)
        {
            answer.Default(kind, null, count, $"Only {Words(best.Level, noun)} measured {among}, at {Format.BytesPerSecond(best.Median)}; another number has to be tried {MinPerLevel} times.");
        }
        else
        {
            string rest = string.Join(", ", others.Select(level => $"{level.Level}: {Format.BytesPerSecond(level.Median)}"));
            answer.Learned(
                kind, null, best.Level, count, Math.Min(best.Confidence, others.Max(level => level.Confidence)),
                $"{Words(best.Level, noun)} reached {Format.BytesPerSecond(best.Median)} {among}, the fewest within 5 % of the best ({rest}).");
        }

        if (Untried(measured, best.Level, max) is { } level)
        {
            answer.Learned(trial, null, level, best.Count, Confidence.Of(best.Count, 1), $"{Words(level, noun)} was measured fewer than {MinPerLevel} times {among}; one download in 8 tries it.");
        }
    }

    private static string Words(int level, string noun) => level == 1 ? $"1 {noun}" : $"{level} {noun}s";
}

/// <summary>The throughput at a level.</summary>
/// <param name="Level">The number of connections or files.</param>
/// <param name="Count">The number of downloads.</param>
/// <param name="Median">The median throughput in bytes per second.</param>
/// <param name="Confidence">How far to trust it.</param>
internal sealed record MeasuredLevel(int Level, int Count, double Median, double Confidence);
