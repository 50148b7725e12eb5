using System.Buffers;

namespace PerfPortal.Domain.Statistics.ChangePoints;

/// <summary>
/// Finds the points at which the level of a series changes: a rank scan (<see cref="LevelScan"/>) with seeded binary segmentation and a merge step (<see cref="Segmentation"/>).
/// The statistic is reduced for the memory of the series (<see cref="Dependence"/>), so a drifting or autocorrelated series has no changes. Memory is proportional to the length.
/// </summary>
public static class ChangePointFinder
{
    /// <summary>The minimum number of finite values.</summary>
    public const int MinimumValues = 20;

    // The 95 % quantile of the largest excess of two random walks: (1 − e^−x)² = 0.95 (Siegmund, "Confidence sets in change-point problems", 1988), as a difference of z².
    private const double IntervalDrop = 7.35;

    // The standard error of a median of normal values relative to that of their mean.
    private const double MedianError = 1.2533;
    private const double NormalQuantile = 1.96;

    /// <summary>Finds the changes of a series, in order.</summary>
    /// <param name="values">The values in order of time; those that are not finite are skipped.</param>
    /// <param name="options">The parameters.</param>
    /// <returns>Empty with fewer than <see cref="MinimumValues"/> finite values.</returns>
    public static IReadOnlyList<ChangePoint> Find(ReadOnlySpan<double> values, ChangePointOptions? options = null)
    {
        options ??= ChangePointOptions.Default;
        int[] positions = new int[values.Length];
        int n = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if (double.IsFinite(values[i]))
            {
                positions[n++] = i;
            }
        }

        if (n < MinimumValues)
        {
            return [];
        }

        double[] finite = new double[n];
        for (int i = 0; i < n; i++)
        {
            finite[i] = values[positions[i]];
        }

        double least = Dependence.OfDifferences(finite);
        var scan = new LevelScan(finite, options.MinimumSegment);
        var segmentation = new Segmentation(scan, options.MinimumSegment, options.Alpha, options.MaximumChanges);
        var found = segmentation.Find(
            (from, split, to) => IsLarge(finite, from, split, to, options) && Ramp.IsStep(finite, from, split, to),
            splits => splits.Count == 0 ? 1 : Math.Max(least, Dependence.OfRemainder(finite, splits)));
        var changes = new ChangePoint[found.Count];
        for (int i = 0; i < changes.Length; i++)
        {
            var (from, to) = segmentation.Neighbours(found, i);
            changes[i] = Describe(scan, finite, segmentation.Factor, from, found[i], to, options.MinimumSegment, positions);
        }

        return changes;
    }

    private static bool IsLarge(double[] values, int from, int split, int to, ChangePointOptions options)
    {
        double before = Robust.Median(values.AsSpan(from, split - from)) ?? 0;
        double size = Math.Abs((Robust.Median(values.AsSpan(split, to - split)) ?? 0) - before);
        return size > 0 && size >= options.MinimumSize && size >= options.MinimumRelativeSize * Math.Abs(before);
    }

    private static ChangePoint Describe(ISplitScan scan, double[] values, double factor, int from, int split, int to, int margin, int[] positions)
    {
        double[] buffer = ArrayPool<double>.Shared.Rent(to - from);
        var (z, low, high) = Interval(scan, factor, from, split, to, buffer);
        ArrayPool<double>.Shared.Return(buffer);
        double before = Robust.Median(values.AsSpan(from, split - from)) ?? 0;
        double after = Robust.Median(values.AsSpan(split, to - split)) ?? 0;
        double error = MedianSpread(values, from, split, to, before, after) * Math.Sqrt(factor * (1.0 / (split - from) + 1.0 / (to - split)));
        double confidence = 1 - MaximalStatistic.Probability(z, to - from, margin);
        return new(
            positions[split], positions[low], positions[high], before, after,
            after - before - NormalQuantile * error, after - before + NormalQuantile * error, z, confidence);
    }

    /// <summary>The splits whose statistic is so close to the largest that they cannot be told from it.</summary>
    internal static (double Z, int Low, int High) Interval(ISplitScan scan, double factor, int from, int split, int to, double[] buffer)
    {
        scan.Statistics(from, to, factor, buffer);
        double best = buffer[split - from];
        int low = split;
        int high = split;
        for (int i = from; i < to; i++)
        {
            double z = buffer[i - from];
            if (Math.Sign(z) == Math.Sign(best) && (best * best) - (z * z) <= IntervalDrop)
            {
                low = Math.Min(low, i);
                high = Math.Max(high, i);
            }
        }

        return (best, low, high);
    }

    /// <summary>The standard error of a median of one value: from the median absolute deviation from the level of the own side.</summary>
    private static double MedianSpread(double[] values, int from, int split, int to, double before, double after)
    {
        double[] deviations = new double[to - from];
        for (int i = from; i < to; i++)
        {
            deviations[i - from] = Math.Abs(values[i] - (i < split ? before : after));
        }

        return MedianError * Spread.Of(deviations);
    }
}
