using System.Buffers;

namespace PerfPortal.Domain.Statistics.ChangePoints;

/// <summary>
/// The standardised rank sum of every split of a stretch (Pettitt, "A non-parametric approach to the change-point problem", 1979; standardised per split as in
/// Miller and Siegmund, "Maximally selected chi square statistics", 1982) or the signed root of the likelihood ratio of two means of clipped values, whichever is larger: ranks
/// are bounded, so a single outlier cannot make a change, but five values can never be clear by their ranks alone, however far they lie away. Ties get the mean of their ranks.
/// </summary>
internal sealed class LevelScan : ISplitScan
{
    private const double ClipAt = 3;

    // Lowers the statistic of the means, so that it counts only where that of the ranks is at its bound.
    private const double MeansWeight = 0.85;

    // Up to this many times the length of a stretch, picking its values from the order of all is faster than sorting them.
    private const int PickingLimit = 8;

    private readonly double[] _values;
    private readonly int _minimumSegment;
    private readonly double _clip;
    private readonly int[] _order;
    private readonly int[] _ranks;

    public LevelScan(double[] values, int minimumSegment)
    {
        _values = values;
        _minimumSegment = minimumSegment;
        _clip = ClipAt * SpreadOf(values);
        _order = new int[values.Length];
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }

        double[] sorted = [.. values];
        sorted.AsSpan().Sort(_order.AsSpan());
        _ranks = new int[values.Length];
        for (int i = 1; i < sorted.Length; i++)
        {
            _ranks[_order[i]] = _ranks[_order[i - 1]] + (sorted[i] == sorted[i - 1] ? 0 : 1);
        }
    }

    public int Length => _values.Length;

    public void Statistics(int from, int to, double factor, Span<double> z)
    {
        int n = to - from;
        z = z[..n];
        z.Clear();
        if (n < 2 * _minimumSegment)
        {
            return;
        }

        int[] order = ArrayPool<int>.Shared.Rent(n);
        try
        {
            Sort(from, n, order.AsSpan(0, n));
            double ties = Rank(order.AsSpan(0, n), from, z);
            Standardise(z, n, ties, factor);
            Compare(_values.AsSpan(from, n), _values[order[n / 2]], factor, z);
        }
        finally
        {
            ArrayPool<int>.Shared.Return(order);
        }
    }

    /// <summary>Returns the indices of a stretch in the order of their values.</summary>
    private void Sort(int from, int n, Span<int> order)
    {
        if ((long)n * PickingLimit >= _values.Length)
        {
            int count = 0;
            foreach (int index in _order)
            {
                if ((uint)(index - from) < (uint)n)
                {
                    order[count++] = index;
                }
            }

            return;
        }

        int[] keys = ArrayPool<int>.Shared.Rent(n);
        _ranks.AsSpan(from, n).CopyTo(keys);
        for (int i = 0; i < n; i++)
        {
            order[i] = from + i;
        }

        keys.AsSpan(0, n).Sort(order);
        ArrayPool<int>.Shared.Return(keys);
    }

    /// <summary>Puts the rank of each value into <paramref name="ranks"/>; returns the sum of t³ − t over the groups of ties.</summary>
    private double Rank(ReadOnlySpan<int> order, int from, Span<double> ranks)
    {
        double ties = 0;
        for (int i = 0; i < order.Length;)
        {
            int own = _ranks[order[i]];
            int end = i + 1;
            while (end < order.Length && _ranks[order[end]] == own)
            {
                end++;
            }

            double rank = (i + 1 + end) / 2.0;
            double tied = end - i;
            ties += tied * ((tied * tied) - 1);
            for (; i < end; i++)
            {
                ranks[order[i] - from] = rank;
            }
        }

        return ties;
    }

    /// <summary>Replaces the ranks by the statistic of the split before each value.</summary>
    private void Standardise(Span<double> z, int n, double ties, double factor)
    {
        double unit = (n + 1 - (ties / n / (n - 1))) / 12 * factor;
        double sum = 0;
        for (int k = 0; k < n; k++)
        {
            double rank = z[k];
            z[k] = k < _minimumSegment || n - k < _minimumSegment || !(unit > 1e-9)
                ? 0
                : ((k * (n + 1) / 2.0) - sum) / Math.Sqrt(k * (double)(n - k) * unit);
            sum += rank;
        }
    }

    /// <summary>Replaces each statistic by that of the means where that is larger. Memory takes degrees of freedom away.</summary>
    private void Compare(ReadOnlySpan<double> own, double median, double factor, Span<double> z)
    {
        double sum = 0;
        double squares = 0;
        foreach (double value in own)
        {
            double clipped = Math.Clamp(value - median, -_clip, _clip);
            sum += clipped;
            squares += clipped * clipped;
        }

        int n = own.Length;
        double mean = sum / n;
        squares -= sum * mean;
        if (!(squares > 1e-12 * n * _clip * _clip) || !(_clip > 0) || n < 3 * factor)
        {
            return;
        }

        double freedom = ((n / factor) - 2.5) * MeansWeight * MeansWeight;
        double before = 0;
        for (int k = 0; k < n; k++)
        {
            if (k >= _minimumSegment && n - k >= _minimumSegment)
            {
                double excess = (k * mean) - before;
                double explained = Math.Min(excess * excess * n / ((double)k * (n - k) * squares), 0.9999);
                double least = z[k] * z[k];

                // −ln(1 − x) is at most x / (1 − x): most logarithms need not be computed.
                if (freedom * explained > least * (1 - explained) && freedom * -Math.Log(1 - explained) is var ratio && ratio > least)
                {
                    z[k] = Math.Sign(excess) * Math.Sqrt(ratio);
                }
            }

            before += Math.Clamp(own[k] - median, -_clip, _clip);
        }
    }

    /// <summary>The standard deviation of a value around its level, from the differences of neighbours, which changes of level hardly touch.</summary>
    internal static double SpreadOf(ReadOnlySpan<double> values)
    {
        double[] differences = new double[Math.Max(1, values.Length - 1)];
        for (int i = 1; i < values.Length; i++)
        {
            differences[i - 1] = Math.Abs(values[i] - values[i - 1]);
        }

        return Spread.Of(differences) / Math.Sqrt(2);
    }
}
