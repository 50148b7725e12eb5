namespace PerfPortal.Domain.Statistics;

/// <summary>The mean and the variance of the natural logarithm of durations; the mean is that of the geometric mean, to which every operation contributes its relative change.</summary>
/// <param name="Count">The number of durations.</param>
/// <param name="Mean">The mean of the logarithms; 0 without durations.</param>
/// <param name="Squares">The sum of squared deviations from the mean.</param>
internal readonly record struct LogMoments(long Count, double Mean, double Squares)
{
    /// <summary>The sample variance; 0 with fewer than two durations.</summary>
    public double Variance => Count < 2 ? 0 : Squares / (Count - 1);

    /// <summary>
    /// Computes the moments of two sketches that are compared. A zero has no logarithm: it counts as half of the shortest other duration of both, the customary value for
    /// measurements below the detection limit, here the resolution of the reporter's clock.
    /// </summary>
    public static (LogMoments Now, LogMoments Base) Of(DurationSketch now, DurationSketch before)
    {
        double shortest = Math.Min(Shortest(now), Shortest(before));
        double zero = Math.Log(double.IsPositiveInfinity(shortest) ? LogarithmicBuckets.Lowest : shortest / 2);
        return (Of(now, zero), Of(before, zero));
    }

    private static double Shortest(DurationSketch sketch)
    {
        var walk = new SketchWalk(sketch);
        while (walk.IsOn && walk.Bucket == 0)
        {
            walk.Take(0);
        }

        return walk.IsOn ? LogarithmicBuckets.ValueOf(walk.Bucket) : double.PositiveInfinity;
    }

    private static LogMoments Of(DurationSketch sketch, double zero)
    {
        long count = 0;
        double mean = 0;
        double squares = 0;
        for (var walk = new SketchWalk(sketch); walk.IsOn;)
        {
            int bucket = walk.Bucket;
            double value = bucket == 0 ? zero : Math.Log(LogarithmicBuckets.ValueOf(bucket));
            long n = walk.Take(bucket);
            count += n;
            double delta = value - mean;
            mean += delta * n / count;
            squares += delta * (value - mean) * n;
        }

        return new(count, mean, squares);
    }
}
