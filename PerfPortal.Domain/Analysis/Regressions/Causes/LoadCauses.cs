using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Regressions.Causes;

/// <summary>More operations per hour than before.</summary>
internal static class LoadCauses
{
    private const double MinimumRatio = 1.5;
    private const double Heaviest = 0.6;

    public static IEnumerable<FindingCause> Find(StatisticsAnswer before, StatisticsAnswer after)
    {
        double then = PerHour(before);
        double now = PerHour(after);
        if (then > 0 && now >= MinimumRatio * then)
        {
            yield return new(
                "load", $"{Format.Rate(now / 3600)} since, after {Format.Rate(then / 3600)} before ({Format.Change((now / then) - 1)}).", null, Heaviest * (1 - (then / now)));
        }
    }

    private static double PerHour(StatisticsAnswer answer) =>
        answer.Range.Range.Length > TimeSpan.Zero ? answer.Groups.Values.Sum(figures => figures.Finished) / answer.Range.Range.Length.TotalHours : 0;
}
