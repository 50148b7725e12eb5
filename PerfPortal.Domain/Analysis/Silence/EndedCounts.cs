using PerfPortal.Domain.Analysis.Series;

namespace PerfPortal.Domain.Analysis.Silence;

/// <summary>The number of operations that ended in each step, of all names together.</summary>
/// <param name="Start">The start of the first step.</param>
/// <param name="Step">The length of a step.</param>
/// <param name="Counts">The counts, oldest first.</param>
public sealed record EndedCounts(DateTimeOffset Start, TimeSpan Step, IReadOnlyList<long> Counts)
{
    /// <summary>Adds up series of the same steps.</summary>
    public static EndedCounts Of(IReadOnlyList<OperationSeries> series)
    {
        if (series.Count == 0)
        {
            return new(default, TimeSpan.FromHours(1), []);
        }

        long[] counts = new long[series[0].Points.Count];
        foreach (var one in series)
        {
            for (int i = 0; i < counts.Length; i++)
            {
                counts[i] += one.Points[i].Finished;
            }
        }

        return new(series[0].Start, series[0].Step, counts);
    }

    /// <summary>The start of a step.</summary>
    public DateTimeOffset TimeOf(int index) => Start + (index * Step);

    /// <summary>The number of operations that ended in the whole steps within a period; <see langword="null"/> when the series does not cover it.</summary>
    public long? Within(DateTimeOffset from, DateTimeOffset to)
    {
        if (from < Start || to > TimeOf(Counts.Count))
        {
            return null;
        }

        long sum = 0;
        for (int i = (int)Math.Ceiling((from - Start) / Step); i < Counts.Count && TimeOf(i + 1) <= to; i++)
        {
            sum += Counts[i];
        }

        return sum;
    }
}
