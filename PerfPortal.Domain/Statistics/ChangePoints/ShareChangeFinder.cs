using System.Buffers;

namespace PerfPortal.Domain.Statistics.ChangePoints;

/// <summary>
/// Finds the points at which a share changes, such as that of failed operations: <see cref="ShareScan"/> with the segmentation of <see cref="ChangePointFinder"/>. Hits that come in
/// clusters raise the variance: it is multiplied by Pearson's dispersion of blocks of steps.
/// </summary>
public static class ShareChangeFinder
{
    /// <summary>The minimum number of trials on each side of a change.</summary>
    public const int MinimumTrials = 10;

    private const int MinimumHits = 3;
    private const double SmallCell = 5;
    private const double ExactAlpha = 1e-4;
    private static readonly int[] Blocks = [1, 4, 12];

    /// <summary>Finds the changes, in order. Steps without trials are skipped.</summary>
    /// <param name="trials">The number of trials in each step, 0 or more.</param>
    /// <param name="hits">The number of hits among them.</param>
    /// <param name="options">The parameters; sizes are differences of shares, 0–1.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a step has more hits than trials, or a number is negative.</exception>
    public static IReadOnlyList<ChangePoint> Find(ReadOnlySpan<int> trials, ReadOnlySpan<int> hits, ChangePointOptions? options = null)
    {
        options ??= ChangePointOptions.Default;
        if (trials.Length != hits.Length)
        {
            throw new ArgumentException("There must be as many hits as trials.", nameof(hits));
        }

        var positions = new List<int>();
        for (int i = 0; i < trials.Length; i++)
        {
            if (hits[i] < 0 || hits[i] > trials[i])
            {
                throw new ArgumentException($"Step {i} has {hits[i]} hits in {trials[i]} trials.", nameof(hits));
            }

            if (trials[i] > 0)
            {
                positions.Add(i);
            }
        }

        int[] usedTrials = new int[positions.Count];
        int[] usedHits = new int[positions.Count];
        for (int i = 0; i < positions.Count; i++)
        {
            (usedTrials[i], usedHits[i]) = (trials[positions[i]], hits[positions[i]]);
        }

        var scan = new ShareScan(usedTrials, usedHits, options.MinimumSegment, MinimumTrials);
        if (scan.Length < 2 * options.MinimumSegment || scan.Hits(0, scan.Length) == 0)
        {
            return [];
        }

        var segmentation = new Segmentation(scan, options.MinimumSegment, options.Alpha, options.MaximumChanges);
        var found = segmentation.Find((from, split, to) => IsChange(scan, from, split, to, options), splits => splits.Count == 0 ? 1 : Dispersion(scan, splits));
        var changes = new ChangePoint[found.Count];
        for (int i = 0; i < changes.Length; i++)
        {
            var (from, to) = segmentation.Neighbours(found, i);
            changes[i] = Describe(scan, segmentation.Factor, from, found[i], to, options.MinimumSegment, positions);
        }

        return changes;
    }

    private static bool IsChange(ShareScan scan, int from, int split, int to, ChangePointOptions options)
    {
        double before = scan.Share(from, split);
        double size = Math.Abs(scan.Share(split, to) - before);
        if (size < options.MinimumSize || size < options.MinimumRelativeSize * before || Math.Max(scan.Hits(from, split), scan.Hits(split, to)) < MinimumHits)
        {
            return false;
        }

        double share = scan.Share(from, to);
        double expected = Math.Min(scan.Trials(from, split), scan.Trials(split, to)) * Math.Min(share, 1 - share);
        return expected >= SmallCell
            || ProportionTest.Compare(scan.Hits(from, split), scan.Trials(from, split), scan.Hits(split, to), scan.Trials(split, to))?.PValue <= ExactAlpha;
    }

    private static ChangePoint Describe(ShareScan scan, double factor, int from, int split, int to, int margin, List<int> positions)
    {
        double[] buffer = ArrayPool<double>.Shared.Rent(to - from);
        var (z, low, high) = ChangePointFinder.Interval(scan, factor, from, split, to, buffer);
        ArrayPool<double>.Shared.Return(buffer);
        double before = scan.Share(from, split);
        double after = scan.Share(split, to);
        double middle = Adjusted(scan, split, to, out double varianceAfter) - Adjusted(scan, from, split, out double varianceBefore);
        double error = 1.96 * Math.Sqrt(factor * (varianceBefore + varianceAfter));
        return new(
            positions[split], positions[low], positions[high], before, after, Math.Max(-1, middle - error), Math.Min(1, middle + error), z,
            1 - MaximalStatistic.Probability(z, to - from, margin));
    }

    /// <summary>The share with one more hit and one more miss (Agresti and Caffo, "Simple and effective confidence intervals for proportions", 2000).</summary>
    private static double Adjusted(ShareScan scan, int from, int to, out double variance)
    {
        double trials = scan.Trials(from, to) + 2.0;
        double share = (scan.Hits(from, to) + 1.0) / trials;
        variance = share * (1 - share) / trials;
        return share;
    }

    /// <summary>Pearson's dispersion of blocks of steps around the shares of the levels, lowered by its standard error; at least 1.</summary>
    private static double Dispersion(ShareScan scan, List<int> splits)
    {
        double factor = 1;
        foreach (int block in Blocks)
        {
            double sum = 0;
            int count = 0;
            int start = 0;
            for (int i = 0; i <= splits.Count; i++)
            {
                int end = i == splits.Count ? scan.Length : splits[i];
                double share = scan.Share(start, end);
                for (int from = start; from + block <= end; from += block)
                {
                    double expected = scan.Trials(from, from + block) * share;
                    double variance = expected * (1 - share);
                    double excess = scan.Hits(from, from + block) - expected;
                    sum += variance > 0 ? excess * excess / variance : 0;
                    count += variance > 0 ? 1 : 0;
                }

                start = end;
            }

            double freedom = count - splits.Count - 1;
            if (freedom >= 4)
            {
                factor = Math.Max(factor, (sum / freedom) - Math.Sqrt(2 / freedom));
            }
        }

        return factor;
    }
}
