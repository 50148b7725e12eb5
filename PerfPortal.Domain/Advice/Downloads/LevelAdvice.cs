using PerfPortal.Domain.Advice.History;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Advice.Downloads;

/// <summary>The number of connections, and of files at the same time, by the throughput measured at each level: the smallest level within 5 % of the best.</summary>
internal static class LevelAdvice
{
    /// <summary>A level counts when it was measured this often.</summary>
    internal const int MinPerLevel = 5;

    private const double Near = 0.95;

    private static readonly LevelWords Connections = new("connection", "connections", "how many connections were chosen for");
    private static readonly LevelWords Files = new("file at a time", "files at a time", "how many files at a time were chosen for");

    /// <summary>Adds the items of connections and concurrency.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="downloads">Downloads of comparable size.</param>
    /// <param name="size">The bytes to load; <see langword="null"/> when not known.</param>
    /// <param name="among">Words for which downloads these are.</param>
    public static void Add(AdviceWriter answer, IReadOnlyList<PastDownload> downloads, long? size, string among)
    {
        // What has no pieces for more connections cannot show what more would do.
        double largest = size ?? downloads.Select(one => one.Bytes ?? 0).DefaultIfEmpty(double.MaxValue).Max();
        Add(
            answer, AdviceKinds.Connections, AdviceKinds.ConnectionsTrial, UsefulConnections.Of(largest),
            [.. downloads.Where(one => one.Connections is not null).Select(one => new LevelSpeed(one.Connections!.Value, (SizeClass.Fine(one.Bytes!.Value), one.Concurrency ?? 0), one.Speed!.Value))], among, Connections);
        int mostFiles = downloads.Select(one => one.Files ?? int.MaxValue).DefaultIfEmpty(int.MaxValue).Max();
        Add(
            answer, AdviceKinds.Concurrency, AdviceKinds.ConcurrencyTrial, mostFiles,
            [.. downloads.Where(one => one.Concurrency is not null && one.Files != 1).Select(one => new LevelSpeed(one.Concurrency!.Value, (SizeClass.Fine(one.Bytes!.Value), one.Connections ?? 0), Together(one)))], among, Files);
    }

    /// <summary>The smallest level whose median is within 5 % of the best median, among those measured often enough; <see langword="null"/> without any.</summary>
    internal static MeasuredLevel? Best(IReadOnlyList<MeasuredLevel> measured)
    {
        var known = measured.Where(level => level.Count >= MinPerLevel).ToList();
        return known.Count == 0 ? null : known.First(level => level.Median >= Near * known.Max(other => other.Median));
    }

    /// <summary>The next level to try beside the best: twice as many, or as many as are possible, else half as many, if it was not measured often enough yet.</summary>
    internal static int? Untried(IReadOnlyList<MeasuredLevel> measured, int best, double max)
    {
        bool IsKnown(int level) => measured.Any(item => item.Level == level && item.Count >= MinPerLevel);
        int more = (int)Math.Min(2.0 * best, max);
        return more > best && !IsKnown(more) ? more : best > 1 && !IsKnown(best / 2) ? best / 2 : null;
    }

    // What counts is what all files at the same time receive together: the speed of an operation that loads several is that already.
    private static double Together(PastDownload download) => download.Speed!.Value * (download.Files > 1 ? 1 : download.Concurrency!.Value);

    private static void Add(AdviceWriter answer, string kind, string trial, int possible, List<LevelSpeed> values, string among, LevelWords words)
    {
        double max = AdviceCatalog.Find(kind)!.Max;
        var measured = LevelFit.Measured(values, max);
        int count = measured.Sum(level => level.Count);
        if (count < Confidence.MinSamples || Best(measured) is not { } best)
        {
            answer.Default(
                kind, null, count,
                $"{Counted.TooFew(count, "successful download")} {among} {(count > 1 ? $"report {words.Said} them" : $"reports {words.Said} it")}; at least {Confidence.MinSamples} are needed.");
            return;
        }

        var others = measured.Where(level => level != best && level.Count >= MinPerLevel).ToList();
        if (others.Count == 0)
        {
            answer.Default(
                kind, null, count,
                $"So far only {words.Of(best.Level)} {(best.Level == 1 ? "has" : "have")} been measured {among}, at {Format.BytesPerSecond(best.Median)}; another number has to be tried {MinPerLevel} times before it can be compared.");
        }
        else
        {
            string rest = string.Join(", ", others.Select(level => $"{level.Level}: {Format.BytesPerSecond(level.Median)}"));
            answer.Learned(
                kind, null, best.Level, count, Math.Min(best.Confidence, others.Max(level => level.Confidence)),
                $"{words.Of(best.Level)} reached {Format.BytesPerSecond(best.Median)} {among}, the fewest within 5 % of the best ({rest}).");
        }

        if (Untried(measured, best.Level, Math.Min(max, possible)) is { } level)
        {
            bool isOne = level == 1;
            answer.Learned(
                trial, null, level, best.Count, Confidence.Of(best.Count, 1),
                $"{words.Of(level)} {(isOne ? "has" : "have")} been measured fewer than {MinPerLevel} times {among}, so one download in 8 tries {(isOne ? "it" : "them")}.");
        }
    }

    private sealed record LevelWords(string One, string Many, string Said)
    {
        public string Of(int level) => Counted.Of(level, One, Many);
    }
}

/// <summary>The throughput at a level.</summary>
/// <param name="Level">The number of connections or files.</param>
/// <param name="Count">The number of downloads.</param>
/// <param name="Median">The median throughput of a typical download in bytes per second.</param>
/// <param name="Confidence">How far to trust it.</param>
internal sealed record MeasuredLevel(int Level, int Count, double Median, double Confidence);
