namespace PerfPortal.Domain.Statistics.Anomalies;

/// <summary>What a joint detector says about a row.</summary>
/// <param name="Score">How unusual the row is, 0–1, as in <see cref="SeriesScore.Score"/>.</param>
/// <param name="Shares">The part of each metric in that, 0–1; they add up to 1, or are all 0.</param>
public sealed record JointScore(double Score, IReadOnlyList<double> Shares);

/// <summary>
/// Tells how unusual several metrics are together. Each is standardised robustly (median; the larger of interquartile range and standard deviation, with a floor) and its centre follows
/// slowly. The distance is that of Hotelling ("Multivariate quality control", 1947) with the covariance of the training rows plus a ridge: every principal component
/// weighs 1 ÷ (variance + ridge), so that it is the residual of the PCA that counts most. Its parts are the complete decomposition contributions of Alcala and Qin (2009). Not thread-safe.
/// </summary>
public sealed class JointDetector
{
    /// <summary>The fewest training rows.</summary>
    public const int FewestRows = 100;

    private const double Ridge = 0.03;
    private const double Clip = 20;
    private const double TrainingClip = 10;
    private const double CentreRows = 3000;
    private const double CentreClip = 3;

    private readonly double[] _medians;
    private readonly double[] _scales;
    private readonly double[] _centres;
    private readonly CholeskyFactor _covariance;
    private readonly TailModel _tail = new(memory: 1e6);

    /// <summary>Learns what is usual.</summary>
    /// <param name="rows">The rows, oldest first, all of one length; <see cref="double.NaN"/> where a metric was not measured. At least <see cref="FewestRows"/>.</param>
    /// <param name="floors">The least scale of each metric, above 0: what is too little to matter.</param>
    /// <exception cref="ArgumentException">There are too few rows, or their lengths differ.</exception>
    public JointDetector(IReadOnlyList<double[]> rows, IReadOnlyList<double> floors)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(floors);
        int metrics = floors.Count;
        if (rows.Count < FewestRows || rows.Any(row => row.Length != metrics))
        {
            throw new ArgumentException($"At least {FewestRows} rows of {metrics} metrics are needed.", nameof(rows));
        }

        _medians = new double[metrics];
        _scales = new double[metrics];
        _centres = new double[metrics];
        for (int metric = 0; metric < metrics; metric++)
        {
            (_medians[metric], _scales[metric]) = Standard([.. rows.Select(row => row[metric]).Where(double.IsFinite).Order()], floors[metric]);
        }

        _covariance = new(Covariance(rows));
        foreach (double[] row in rows)
        {
            _tail.Add(Distance(Standardise(row, Clip), out _));
        }
    }

    /// <summary>Adds the next row and returns how unusual it is.</summary>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    public JointScore Add(ReadOnlySpan<double> row)
    {
        if (row.Length != _medians.Length)
        {
            throw new ArgumentException($"The row must have {_medians.Length} values.", nameof(row));
        }

        double[] standard = Standardise(row, Clip);
        for (int i = 0; i < standard.Length; i++)
        {
            standard[i] -= double.IsFinite(row[i]) ? _centres[i] : 0;
            _centres[i] += Math.Clamp(standard[i], -CentreClip, CentreClip) / CentreRows;
        }

        double distance = Distance(standard, out double[] parts);
        double positive = parts.Sum(part => Math.Max(0, part));
        return new(SeriesScore.Of(_tail.Evidence(distance)), [.. parts.Select(part => positive > 0 ? Math.Max(0, part) / positive : 0)]);
    }

    private static (double Median, double Scale) Standard(double[] sorted, double floor)
    {
        if (sorted.Length == 0)
        {
            // Nothing was learnt about it, so nothing is said.
            return (0, double.PositiveInfinity);
        }

        double mean = sorted.Average();
        double deviation = Math.Sqrt(sorted.Average(value => (value - mean) * (value - mean)));
        double quartiles = (sorted[(int)(sorted.Length * 0.75)] - sorted[sorted.Length / 4]) / 1.349;
        return (sorted[sorted.Length / 2], Math.Max(floor, Math.Max(deviation, quartiles)));
    }

    private double[] Standardise(ReadOnlySpan<double> row, double clip)
    {
        double[] standard = new double[row.Length];
        for (int i = 0; i < row.Length; i++)
        {
            standard[i] = double.IsFinite(row[i]) ? Math.Clamp((row[i] - _medians[i]) / _scales[i], -clip, clip) : 0;
        }

        return standard;
    }

    private double[,] Covariance(IReadOnlyList<double[]> rows)
    {
        int metrics = _medians.Length;
        double[,] covariance = new double[metrics, metrics];
        foreach (double[] row in rows)
        {
            double[] standard = Standardise(row, TrainingClip);
            for (int i = 0; i < metrics; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    covariance[i, j] += standard[i] * standard[j] / rows.Count;
                }
            }
        }

        for (int i = 0; i < metrics; i++)
        {
            covariance[i, i] += Ridge;
        }

        return covariance;
    }

    private double Distance(double[] standard, out double[] parts)
    {
        parts = [.. standard];
        _covariance.Solve(parts);
        double distance = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] *= standard[i];
            distance += parts[i] / parts.Length;
        }

        return Math.Max(0, distance);
    }
}
