using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis;

/// <summary>
/// Adds the figures of groups, so that one reading gives names, types and the whole: reading the rollups again for each would cost three times as much.
/// </summary>
public static class FigureMerge
{
    /// <summary>The figures of all parts together; the parts stay as they are.</summary>
    public static StatisticsBuilder Of(IEnumerable<StatisticsBuilder> parts)
    {
        var sum = new StatisticsBuilder();
        foreach (var part in parts)
        {
            Add(sum, part);
        }

        return sum;
    }

    private static void Add(StatisticsBuilder sum, StatisticsBuilder part)
    {
        // The range only scales the throughput, which is not used here.
        var statistics = part.Build(TimeSpan.FromHours(1));
        long timed = part.Durations.Count;
        var times = timed == 0 ? default : new Summary(timed, statistics.Mean!.Value * timed, statistics.Min!.Value, statistics.Max!.Value);

        // A builder keeps the durations of both outcomes together; which of the two brings them makes no difference.
        var finished = Rollup.Restore(statistics.Succeeded, times, part.Durations, part.FactsOverflowed);
        foreach (var (name, summary) in part.Facts)
        {
            finished.MergeFact(name, summary);
        }

        sum.Add(OutcomeKind.Succeeded, finished);
        sum.Add(OutcomeKind.Failed, CountOf(statistics.Failed));
        sum.Add(OutcomeKind.Cancelled, CountOf(statistics.Cancelled));
        sum.Add(OutcomeKind.Abandoned, CountOf(statistics.Abandoned));
    }

    private static Rollup CountOf(long count)
    {
        var rollup = new Rollup();
        rollup.AddCount(count);
        return rollup;
    }
}
