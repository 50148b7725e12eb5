using System.Buffers;

namespace PerfPortal.Domain.Statistics.ChangePoints;

/// <summary>A split of a stretch.</summary>
/// <param name="Index">The first index of the second part.</param>
/// <param name="Z">The statistic.</param>
/// <param name="Probability">The probability of one at least this large without a change.</param>
internal readonly record struct Split(int Index, double Z, double Probability);

/// <summary>
/// Seeded binary segmentation: stretches of geometrically growing lengths that overlap by half are scanned, the clearest splits are taken first, and a stretch that contains one
/// is not used again (Kovács, Bühlmann, Li and Munk, "Seeded binary segmentation", Biometrika 2023). Then every split is tested again between its neighbours, moved or dropped, until
/// nothing changes. O(n log² n).
/// </summary>
internal sealed class Segmentation(ISplitScan scan, int minimumSegment, double alpha, int maximumChanges)
{
    private const int Rounds = 10;

    // The longer a series, the more stretches are examined, and each may show a change by chance. Beyond this length each of them must be clearer, so that the whole series does not.
    private const double LongSeries = 1_000;

    private readonly double _alpha = alpha * Math.Min(1, LongSeries / Math.Max(1, scan.Length));

    /// <summary>The factor by which the variance of the statistic is raised, at least 1.</summary>
    public double Factor { get; private set; } = 1;

    /// <summary>Returns the splits in order.</summary>
    /// <param name="isChange">Whether what happens at a split (first index, split, end index) is a change of interest.</param>
    /// <param name="factorOf">The factor by which the variance of the statistic must be raised when these splits are taken as changes, at least 1.</param>
    public List<int> Find(Func<int, int, int, bool> isChange, Func<List<int>, double> factorOf)
    {
        Factor = factorOf([]);
        var found = new List<int>();
        double[] buffer = ArrayPool<double>.Shared.Rent(Math.Max(1, scan.Length));
        try
        {
            foreach (var (from, to, split) in Candidates(buffer).OrderBy(candidate => candidate.Split.Probability).ThenByDescending(candidate => Math.Abs(candidate.Split.Z)))
            {
                if (found.Count < maximumChanges && !found.Exists(other => other > from - minimumSegment && other < to + minimumSegment && Overlaps(other, from, to, split.Index)))
                {
                    found.Add(split.Index);
                }
            }

            found.Sort();
            Refine(found, isChange, factorOf, buffer);
            return found;
        }
        finally
        {
            ArrayPool<double>.Shared.Return(buffer);
        }
    }

    /// <summary>The clearest split of a stretch.</summary>
    public Split Best(int from, int to, double[] buffer)
    {
        var z = buffer.AsSpan(0, to - from);
        scan.Statistics(from, to, Factor, z);
        int best = 0;
        for (int i = 1; i < z.Length; i++)
        {
            if (Math.Abs(z[i]) > Math.Abs(z[best]))
            {
                best = i;
            }
        }

        double largest = z.Length == 0 ? 0 : z[best];
        return new(from + best, largest, MaximalStatistic.Probability(largest, z.Length, minimumSegment));
    }

    private bool Overlaps(int other, int from, int to, int index) => (other > from && other < to) || Math.Abs(other - index) < minimumSegment;

    private IEnumerable<(int From, int To, Split Split)> Candidates(double[] buffer)
    {
        int n = scan.Length;
        double length = n;
        for (int last = int.MaxValue; length >= 2 * minimumSegment; length /= Math.Sqrt(2))
        {
            int size = (int)Math.Ceiling(length);
            if (size == last)
            {
                continue;
            }

            last = size;
            int count = size == n ? 1 : 2 * (int)Math.Ceiling(n / length) - 1;
            for (int i = 0; i < count; i++)
            {
                int from = count == 1 ? 0 : (int)((long)i * (n - size) / (count - 1));
                var split = Best(from, from + size, buffer);
                if (split.Probability <= _alpha)
                {
                    yield return (from, from + size, split);
                }
            }
        }
    }

    /// <summary>The merge step: a split that is no clear change between its neighbours is dropped, the least clear first.</summary>
    private void Refine(List<int> found, Func<int, int, int, bool> isChange, Func<List<int>, double> factorOf, double[] buffer)
    {
        int moves = 0;
        while (found.Count > 0)
        {
            Factor = factorOf(found);
            int worst = -1;
            double worstProbability = _alpha;
            bool hasMoved = false;
            for (int i = 0; i < found.Count; i++)
            {
                var (from, to) = Neighbours(found, i);
                var split = Best(from, to, buffer);
                if (split.Probability > worstProbability || (worst < 0 && !isChange(from, split.Index, to)))
                {
                    (worst, worstProbability) = (i, Math.Max(worstProbability, split.Probability));
                }
                else if (split.Index != found[i] && moves < Rounds)
                {
                    found[i] = split.Index;
                    hasMoved = true;
                }
            }

            if (worst >= 0)
            {
                found.RemoveAt(worst);
                moves = 0;
            }
            else if (!hasMoved)
            {
                return;
            }

            moves++;
        }
    }

    /// <summary>The stretch between the neighbours of a split.</summary>
    public (int From, int To) Neighbours(List<int> found, int index) =>
        (index == 0 ? 0 : found[index - 1], index == found.Count - 1 ? scan.Length : found[index + 1]);
}
