namespace PerfPortal.Domain.Statistics.ChangePoints;

/// <summary>
/// The signed root of the likelihood ratio of two shares, for every split of a stretch of counted trials (Worsley, "The power of likelihood ratio and cumulative sum tests for a change
/// in a binomial probability", Biometrika 1983). Unlike a difference of shares it stays near a normal value for rare events.
/// </summary>
internal sealed class ShareScan : ISplitScan
{
    private readonly int _minimumSegment;
    private readonly int _minimumTrials;
    private readonly long[] _trials;
    private readonly long[] _hits;

    /// <summary>Creates a scan of steps that each have trials, of which some are hits.</summary>
    public ShareScan(ReadOnlySpan<int> trials, ReadOnlySpan<int> hits, int minimumSegment, int minimumTrials)
    {
        _minimumSegment = minimumSegment;
        _minimumTrials = minimumTrials;
        _trials = new long[trials.Length + 1];
        _hits = new long[trials.Length + 1];
        for (int i = 0; i < trials.Length; i++)
        {
            _trials[i + 1] = _trials[i] + trials[i];
            _hits[i + 1] = _hits[i] + hits[i];
        }
    }

    public int Length => _trials.Length - 1;

    public long Trials(int from, int to) => _trials[to] - _trials[from];

    public long Hits(int from, int to) => _hits[to] - _hits[from];

    public double Share(int from, int to) => Trials(from, to) == 0 ? 0 : (double)Hits(from, to) / Trials(from, to);

    public void Statistics(int from, int to, double factor, Span<double> z)
    {
        z = z[..(to - from)];
        z.Clear();
        double all = Likelihood(Hits(from, to), Trials(from, to));
        for (int k = _minimumSegment; k <= to - from - _minimumSegment; k++)
        {
            int split = from + k;
            long before = Trials(from, split);
            long after = Trials(split, to);
            if (before >= _minimumTrials && after >= _minimumTrials)
            {
                double gain = 2 * (Likelihood(Hits(from, split), before) + Likelihood(Hits(split, to), after) - all);
                z[k] = Math.Sign(Share(split, to) - Share(from, split)) * Math.Sqrt(Math.Max(0, gain) / factor);
            }
        }
    }

    private static double Likelihood(long hits, long trials)
    {
        double share = trials == 0 ? 0 : (double)hits / trials;
        return share is 0 or 1 ? 0 : (hits * Math.Log(share)) + ((trials - hits) * Math.Log(1 - share));
    }
}
