namespace PerfPortal.Domain.Statistics.Anomalies;

/// <summary>
/// The probability that a statistic exceeds a value, judged by its own past: counts in logarithmic buckets, in which old values fade, and beyond the highest 5 % a Pareto tail
/// with the exponent of Hill ("A simple general approach to inference about the tail of a distribution", 1975). Deterministic, half a kilobyte.
/// </summary>
/// <param name="memory">The number of values after which a value counts 1/e.</param>
internal sealed class TailModel(double memory)
{
    private const int PerOctave = 4;
    private const int Octaves = 32;
    private const int Buckets = PerOctave * Octaves;
    private const double TailShare = 0.05;
    private const double FewestInTail = 8;

    // Values of one bucket differ by up to a fifth: their spread within it.
    private const double BucketSpread = 0.02;
    private const double Largest = 1e6;
    private static readonly double LogPerBucket = Math.Log(2) / PerOctave;

    private readonly float[] _counts = new float[Buckets];
    private double _weight = 1;
    private double _total;

    /// <summary>The number of values that count.</summary>
    public double Count => _total / _weight;

    /// <summary>Adds a value, at least 0.</summary>
    public void Add(double value)
    {
        // Old values fade because new ones weigh more; the weights are scaled down now and then.
        _weight *= 1 + (1 / memory);
        _counts[BucketOf(value)] += (float)_weight;
        _total += _weight;
        if (_weight > Largest)
        {
            for (int i = 0; i < Buckets; i++)
            {
                _counts[i] /= (float)_weight;
            }

            _total /= _weight;
            _weight = 1;
        }
    }

    /// <summary>The evidence against a value: minus the decimal logarithm of the probability of a larger one; 2 means one in a hundred. At least 0, at most 300.</summary>
    public double Evidence(double value)
    {
        if (Count < 1)
        {
            return 0;
        }

        double wanted = Math.Max(TailShare * _total, FewestInTail * _weight);
        double above = 0;
        double buckets = 0;
        int threshold = Buckets;
        while (threshold > 1 && above < wanted)
        {
            threshold--;
            above += _counts[threshold];
            buckets += _counts[threshold] * (threshold + 0.5);
        }

        int own = BucketOf(value);
        if (own < threshold)
        {
            for (int i = threshold - 1; i > own; i--)
            {
                above += _counts[i];
            }

            return Of((above + (_counts[own] / 2)) / _total, 0);
        }

        if (above <= 0)
        {
            // Never above 0 before.
            return Math.Log10(Count + 1);
        }

        double mean = (((buckets / above) - threshold) * LogPerBucket) + BucketSpread;
        double excess = Math.Max(0, Math.Log(value) - (((threshold / (double)PerOctave) - (Octaves / 2.0)) * Math.Log(2)));
        return Of(above / _total, excess / mean);
    }

    /// <param name="share">The share of values above the threshold.</param>
    /// <param name="decay">The logarithm by which the tail has decayed beyond it.</param>
    private static double Of(double share, double decay) => Math.Clamp((decay / Math.Log(10)) - Math.Log10(Math.Max(share, 1e-30)), 0, 300);

    private static int BucketOf(double value) =>
        value <= 0 ? 0 : Math.Clamp((int)Math.Floor((Math.Log2(value) + (Octaves / 2.0)) * PerOctave), 0, Buckets - 1);
}
