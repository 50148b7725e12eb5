namespace PerfPortal.Domain.Statistics;

/// <summary>
/// The fixed scale of <see cref="DurationSketch"/>: bucket 0 contains zero, bucket <c>i</c> the values in
/// <c>(1 µs · γ^(i-1), 1 µs · γ^i]</c> with γ = (1 + α) / (1 − α), as in Masson, Rim, Lee:
/// "DDSketch", VLDB 2019, section 2. The scale never changes, so any two sketches can be merged bucket by bucket.
/// </summary>
internal static class LogarithmicBuckets
{
    public const double Lowest = 1e-6;
    public const double Highest = 1e7;

    // Slightly below the guaranteed 1 %, so that rounding of the logarithm at a bucket's edge stays within the guarantee.
    private const double Alpha = 0.00995;
    private const double Gamma = (1 + Alpha) / (1 - Alpha);

    private static readonly double PerLog = 1 / Math.Log(Gamma);

    /// <summary>The number of buckets, including the bucket for zero.</summary>
    public static readonly int Count = (int)Math.Ceiling(Math.Log(Highest / Lowest) * PerLog) + 1;

    private static readonly double[] Values = BuildValues();

    /// <summary>Clamps a value to the scale: zero and below become 0, other values are clamped to [<see cref="Lowest"/>, <see cref="Highest"/>].</summary>
    public static double Normalize(double seconds) => seconds <= 0 ? 0 : Math.Clamp(seconds, Lowest, Highest);

    /// <summary>The bucket of a normalized value.</summary>
    public static int IndexOf(double normalized) => normalized <= 0
        ? 0
        : Math.Clamp((int)Math.Ceiling(Math.Log(normalized / Lowest) * PerLog), 1, Count - 1);

    /// <summary>The representative value of a bucket; every value in the bucket is within α of it.</summary>
    public static double ValueOf(int index) => Values[index];

    private static double[] BuildValues()
    {
        double[] values = new double[Count];
        for (int i = 1; i < values.Length; i++)
        {
            values[i] = Lowest * Math.Exp(i / PerLog) * 2 / (Gamma + 1);
        }

        return values;
    }
}
