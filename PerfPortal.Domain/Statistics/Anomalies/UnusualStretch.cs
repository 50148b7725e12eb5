namespace PerfPortal.Domain.Statistics.Anomalies;

/// <summary>A stretch of a series that is unlike its past.</summary>
/// <param name="First">The index of its first point.</param>
/// <param name="Last">The index of its last point.</param>
/// <param name="Score">The highest score in it, 0–1, as in <see cref="SeriesScore.Score"/>.</param>
public sealed record UnusualStretch(int First, int Last, double Score)
{
    /// <summary>The fewest points about which anything can be said.</summary>
    public const int FewestPoints = 300;

    // One stretch in 100 was as unusual; those nearer to each other than the longest window are one.
    private const double Evidence = 2;
    private const int Apart = 24;
    private const double WarmUpShare = 0.15;

    /// <summary>
    /// Returns the unusual stretches of a whole series, oldest first. Nothing is said about the first 15 % of the points, at least <see cref="FewestPoints"/> and at most two days of five
    /// minutes (<see cref="SeriesDetector.DefaultWarmUp"/>).
    /// </summary>
    /// <param name="values">The values, oldest first; <see cref="double.NaN"/> where nothing was measured.</param>
    /// <param name="step">The time between two points.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    public static IReadOnlyList<UnusualStretch> Find(ReadOnlySpan<double> values, TimeSpan step, CancellationToken cancellationToken)
    {
        const int CheckEvery = 1024;
        var found = new List<UnusualStretch>();
        int warmUp = WarmUp(values.Length);
        var detector = new SeriesDetector(step, warmUp);
        for (int i = 0; i < values.Length; i++)
        {
            if (i % CheckEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            double evidence = detector.Add(values[i]).Evidence;
            if (i < warmUp || evidence < Evidence)
            {
                continue;
            }

            double score = SeriesScore.Of(evidence);
            if (found.Count > 0 && i - found[^1].Last <= Apart)
            {
                found[^1] = found[^1] with { Last = i, Score = Math.Max(found[^1].Score, score) };
            }
            else
            {
                found.Add(new(i, i, score));
            }
        }

        return found;
    }

    /// <summary>The number of points at the beginning of a series about which nothing is said.</summary>
    /// <param name="points">The number of points of the series.</param>
    public static int WarmUp(int points) => Math.Min(points, Math.Clamp((int)(points * WarmUpShare), FewestPoints, SeriesDetector.DefaultWarmUp));
}
