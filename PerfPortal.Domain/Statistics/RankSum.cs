namespace PerfPortal.Domain.Statistics;

/// <summary>The pairwise wins of one set of durations over another, and their variance when both come from the same distribution.</summary>
/// <param name="Wins">The number of pairs in which the value of the first set is longer; ties count half.</param>
/// <param name="Pairs">The number of pairs.</param>
/// <param name="Variance">The variance of <paramref name="Wins"/> without a difference, corrected for ties.</param>
internal readonly record struct RankSum(double Wins, double Pairs, double Variance)
{
    /// <summary>Half of the pairs are won when there is no difference; the excess of wins, positive when the first set is longer.</summary>
    public double Excess => Wins - Pairs / 2;

    /// <summary>Compares two sketches; values in one bucket are ties.</summary>
    public static RankSum Of(DurationSketch a, DurationSketch b)
    {
        double countA = a.Count;
        double countB = b.Count;
        double wins = 0;
        double below = 0;
        double ties = 0;
        var left = new SketchWalk(a);
        var right = new SketchWalk(b);
        while (left.IsOn || right.IsOn)
        {
            int bucket = Math.Min(left.Bucket, right.Bucket);
            double inA = left.Take(bucket);
            double inB = right.Take(bucket);
            wins += inA * (below + inB / 2);
            below += inB;
            double tied = inA + inB;
            ties += tied * (tied * tied - 1);
        }

        return Of(countA, countB, wins, ties);
    }

    /// <summary>Compares two sets of values in ascending order; positive infinity is larger than any other.</summary>
    /// <param name="a">The first set.</param>
    /// <param name="b">The second set.</param>
    /// <param name="divisor">Divides the values of the first set, above 0.</param>
    public static RankSum Of(ReadOnlySpan<double> a, ReadOnlySpan<double> b, double divisor)
    {
        double wins = 0;
        double ties = 0;
        int atA = 0;
        int atB = 0;
        while (atA < a.Length || atB < b.Length)
        {
            double next = Math.Min(atA < a.Length ? a[atA] / divisor : double.PositiveInfinity, atB < b.Length ? b[atB] : double.PositiveInfinity);
            int below = atB;
            int inA = 0;
            for (; atA < a.Length && a[atA] / divisor <= next; atA++)
            {
                inA++;
            }

            for (; atB < b.Length && b[atB] <= next; atB++)
            {
            }

            double inB = atB - below;
            wins += inA * (below + inB / 2);
            double tied = inA + inB;
            ties += tied * (tied * tied - 1);
        }

        return Of(a.Length, b.Length, wins, ties);
    }

    private static RankSum Of(double countA, double countB, double wins, double ties)
    {
        double all = countA + countB;
        double pairs = countA * countB;
        double variance = all < 2 ? 0 : pairs / 12 * (all + 1 - ties / all / (all - 1));
        return new(wins, pairs, variance > 1e-9 * pairs ? variance : 0);
    }
}
