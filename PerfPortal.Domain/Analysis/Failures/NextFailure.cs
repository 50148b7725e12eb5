using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Domain.Analysis.Failures;

/// <summary>
/// The probability that the next operation of a name fails: the share of failures among the recent ones, each hour weighing half as much as one six hours later, with the 90 % interval
/// of Wilson's score at the effective number of operations, (Σw)² / Σw² (Kish 1965; Wilson 1927).
/// </summary>
/// <param name="Probability">The probability, 0–1.</param>
/// <param name="Low">The lower bound.</param>
/// <param name="High">The upper bound.</param>
/// <param name="Operations">The number of operations that it is based on.</param>
public sealed record NextFailure(double Probability, double Low, double High, long Operations)
{
    private const double Z90 = 1.6449;
    private const double HalfLifeHours = 6;
    private const long MinimumOperations = 10;

    /// <summary>Estimates from the steps of one or several names; <see langword="null"/> with fewer than 10 operations.</summary>
    /// <param name="series">The steps.</param>
    /// <param name="from">The beginning of the present state, if it is known: steps that ended before it say nothing about the next operation.</param>
    public static NextFailure? Of(IEnumerable<OperationSeries> series, DateTimeOffset from = default)
    {
        ArgumentNullException.ThrowIfNull(series);
        double weights = 0;
        double squares = 0;
        double failures = 0;
        long operations = 0;
        foreach (var one in series)
        {
            // Ages count from the newest step with operations, so that the figure does not change while nothing happens.
            int last = one.Points.Count - 1;
            while (last >= 0 && one.Points[last].Finished == 0)
            {
                last--;
            }

            for (int i = 0; i <= last; i++)
            {
                if (one.TimeOf(i + 1) <= from)
                {
                    continue;
                }

                var point = one.Points[i];
                double weight = Math.Pow(0.5, (last - i) * one.Step.TotalHours / HalfLifeHours);
                weights += weight * point.Finished;
                squares += weight * weight * point.Finished;
                failures += weight * point.Failed;
                operations += point.Finished;
            }
        }

        if (operations < MinimumOperations)
        {
            return null;
        }

        double n = weights * weights / squares;
        double share = failures / weights;
        var (low, high) = ProportionTest.Wilson(share, n, Z90);
        return new(share, low, high, operations);
    }
}
