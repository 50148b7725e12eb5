using PerfPortal.Domain.Advice.History;

namespace PerfPortal.Domain.Advice.Effects;

/// <summary>The time between two checks of a model, which the plan of the first one decided.</summary>
/// <param name="IsAdvised">Whether the first one followed advice.</param>
/// <param name="Seconds">The length, above 0.</param>
/// <param name="CheckSeconds">The duration of the check that ended it.</param>
/// <param name="EndsFull">Whether that check read every byte; <see langword="null"/> when not known.</param>
internal sealed record CheckPeriod(bool IsAdvised, double Seconds, double CheckSeconds, bool? EndsFull)
{
    private const double Day = 86_400;

    // Checks of the schedule are at least a minute apart; less is the clock of another program.
    private const double Shortest = 1;

    /// <summary>
    /// Returns the periods of one model. One that ended because somebody asked for a check has no length of its own, one after a damaged model is a fraction of the interval in both arms, and one beside a check that failed was
    /// decided by the failure: they do not count.
    /// </summary>
    /// <param name="checks">The checks of the model, in the order of their ends.</param>
    public static IEnumerable<CheckPeriod> Of(IReadOnlyList<PastCheck> checks)
    {
        for (int i = 1; i < checks.Count; i++)
        {
            var (first, next) = (checks[i - 1], checks[i]);
            double seconds = (next.End - first.End).TotalSeconds - next.Seconds;
            if (first is { Succeeded: true, Advised: { } isAdvised } && first.Corrupted != true && !(first.Score < 1) && next is { Succeeded: true, IsRequested: false } && seconds >= Shortest)
            {
                yield return new(isAdvised, seconds, next.Seconds, next.IsFull);
            }
        }
    }

    /// <summary>What both arms spend on checks and how long corruption stays unseen, as means over strata by the number of pairs that can be compared; <see langword="null"/> without any.</summary>
    public static CheckTrade? Trade(IReadOnlyList<List<CheckPeriod>> strata)
    {
        double sum = 0;
        double[] means = new double[4];
        foreach (var stratum in strata)
        {
            var advised = stratum.Where(period => period.IsAdvised).ToList();
            var defaults = stratum.Where(period => !period.IsAdvised).ToList();
            double weight = (double)advised.Count * defaults.Count / stratum.Count;
            sum += weight;
            means[0] += weight * PerDay(advised);
            means[1] += weight * PerDay(defaults);
            means[2] += weight * Unseen(advised);
            means[3] += weight * Unseen(defaults);
        }

        return sum > 0 ? new(means[0] / sum, means[1] / sum, means[2] / sum, means[3] / sum) : null;
    }

    private static double PerDay(List<CheckPeriod> periods) => periods.Sum(period => period.CheckSeconds) / periods.Sum(period => period.Seconds) * Day;

    // Corruption that appears at any time waits for the end of the period: a long one is met more often, and then waits longer.
    private static double Unseen(List<CheckPeriod> periods) => periods.Sum(period => period.Seconds * period.Seconds / 2) / periods.Sum(period => period.Seconds);
}
