using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Statistics;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Regressions.Causes;

/// <summary>A source that reports a larger share than before, and a source that became slower while the others did not.</summary>
internal static class SourceCauses
{
    private const double MinimumShift = 0.2;
    private const long MinimumOperations = 20;
    private const double Slower = 1.05;
    private const double OfShift = 0.8;
    private const double OfSlowSource = 0.7;

    public static IEnumerable<FindingCause> Find(StatisticsAnswer before, StatisticsAnswer after)
    {
        double countBefore = before.Groups.Values.Sum(figures => figures.Finished);
        double countAfter = after.Groups.Values.Sum(figures => figures.Finished);
        if (countBefore < MinimumOperations || countAfter < MinimumOperations)
        {
            yield break;
        }

        foreach (var (group, figures) in after.Groups)
        {
            double now = figures.Finished / countAfter;
            double then = (before.Groups.GetValueOrDefault(group)?.Finished ?? 0) / countBefore;
            if (now - then >= MinimumShift)
            {
                yield return new(
                    "host", $"{group.Source} reports {Format.Ratio(now)} of the operations since, and reported {Format.Ratio(then)} of those before.", null,
                    OfShift * Math.Min(1, 2 * (now - then)), CauseKeys.OfSource(group.Source!));
            }
        }

        var both = after.Groups.Where(pair => pair.Value.Finished >= MinimumOperations && before.Groups.GetValueOrDefault(pair.Key)?.Finished >= MinimumOperations)
            .Select(pair => (pair.Key.Source, Then: Median(before.Groups[pair.Key]), Now: Median(pair.Value))).Where(pair => pair.Then > 0).ToList();
        if (both.Count >= 2 && both.FindAll(pair => pair.Now > Slower * pair.Then) is [var only])
        {
            yield return new(
                "host", $"Only {only.Source} became slower: its median rose from {Format.Seconds(only.Then)} to {Format.Seconds(only.Now)}.", null, OfSlowSource, CauseKeys.OfSource(only.Source!));
        }
    }

    private static double Median(StatisticsBuilder figures) => figures.Quantile(0.5) ?? 0;
}
