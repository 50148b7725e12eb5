namespace PerfPortal.Domain.Statistics.Forecasting;

/// <summary>When a straight trend will reach a level, in hours from the last value.</summary>
/// <param name="Early">The 10 % quantile.</param>
/// <param name="Median">The median.</param>
/// <param name="Late">The 90 % quantile; <see cref="double.PositiveInfinity"/> when the level may never be reached.</param>
internal readonly record struct PassageHours(double Early, double Median, double Late);

/// <summary>
/// A significant straight trend, and when it will reach a level: by lines that are fitted to the trend with resampled residuals (moving blocks of n^⅓ values: Künsch, "The jackknife and the bootstrap
/// for general stationary observations", 1989), whose slopes vary as much as those of both halves differ. Deterministic.
/// </summary>
internal sealed class TrendPassage
{
    private const int Draws = 400;
    private const int Seed = 90_210;
    private const int TestedPoints = 100;
    private const double Alpha = 0.01;
    private const double LeastVariation = 0.1;
    private const double PeakQuantile = 0.95;

    // Both halves must agree on the direction, and within a factor on the slope; the last quarter must still go on.
    private const double MaxHalfRatio = 3;
    private const double LeastRecent = 0.4;
    private const int FewestRecent = 4;
    private const int LastSteps = 2;

    // In what only fluctuates, two of a hundred steps stand as still.
    private const double StandstillDeviations = 2;

    // The standard deviation of normal values relative to the median of their absolute deviations.
    private const double NormalDeviation = 1.4826;

    private readonly double[] _fitted;
    private readonly double[] _residuals;
    private readonly double _hours;
    private readonly double _variation;
    private readonly double _peak;

    private TrendPassage(double[] fitted, double[] residuals, double hours, double halfRatio, double slope, double pValue)
    {
        (_fitted, _residuals, _hours, HalfRatio) = (fitted, residuals, hours, halfRatio);
        _variation = Math.Max(LeastVariation, Math.Abs(Math.Log(halfRatio)) / 2);
        (SlopePerHour, PValue) = (slope, pValue);

        // What fluctuates reaches a level at its peaks, before the trend does.
        double[] sorted = [.. residuals.Select(residual => Math.Sign(slope) * residual).Order()];
        _peak = Math.Sign(slope) * Math.Max(0, sorted[(int)Quantiles.Rank(PeakQuantile, sorted.Length) - 1]);
    }

    /// <summary>The Theil–Sen slope per hour.</summary>
    public double SlopePerHour { get; }

    /// <summary>The two-sided p-value of the Mann–Kendall test.</summary>
    public double PValue { get; }

    /// <summary>The slope of the first half divided by that of the second.</summary>
    public double HalfRatio { get; }

    /// <summary>The level of the trend at the last value.</summary>
    public double Level => _fitted[^1];

    /// <summary>The level of the trend at the first value.</summary>
    public double FirstLevel => _fitted[0];

    /// <summary>Fits a trend; <see langword="null"/> when it is not significant, not straight, or does not go on.</summary>
    /// <param name="values">The values of one regime, finite; at least 8.</param>
    /// <param name="stepHours">The length of a step, hours.</param>
    /// <param name="allowsStandstill">Whether the last steps may stand still by chance: by no more than they fluctuate elsewhere. Otherwise every standstill ends the trend.</param>
    public static TrendPassage? Of(ReadOnlySpan<double> values, double stepHours, bool allowsStandstill = false)
    {
        if (values.Length < MannKendall.MinimumPoints)
        {
            return null;
        }

        var sums = new LineSums(values);
        int half = values.Length / 2;
        double first = sums.Line(0, half).Slope;
        double second = sums.Line(half, values.Length).Slope;
        double recent = sums.Line(values.Length - Math.Max(FewestRecent, values.Length / 4), values.Length).Slope;
        double ratio = first / second;
        if (HasStopped(values, sums.Line(0, values.Length).Slope, allowsStandstill) || !(ratio is > 1 / MaxHalfRatio and < MaxHalfRatio) || !(recent / sums.Line(0, values.Length).Slope >= LeastRecent))
        {
            return null;
        }

        if (MannKendall.Test(Timed(values, stepHours), TestedPoints) is not { } test || test.PValue >= Alpha || test.SlopePerHour == 0)
        {
            return null;
        }

        double perStep = test.SlopePerHour * stepHours;
        double[] residuals = new double[values.Length];
        for (int i = 0; i < residuals.Length; i++)
        {
            residuals[i] = values[i] - (perStep * i);
        }

        double start = Robust.Median(residuals)!.Value;
        double[] fitted = new double[values.Length];
        for (int i = 0; i < fitted.Length; i++)
        {
            fitted[i] = start + (perStep * i);
            residuals[i] -= start;
        }

        return new(fitted, residuals, stepHours, ratio, test.SlopePerHour, test.PValue);
    }

    /// <summary>When a level will be reached; <see langword="null"/> when the trend leads away from it, or more than half of the lines do not reach it. The level counts as reached when the usual peaks (95 % of the residuals) reach it.</summary>
    public PassageHours? Reaches(double level)
    {
        int sign = Math.Sign(SlopePerHour);
        level -= _peak;
        if ((level - Level) * sign <= 0)
        {
            return null;
        }

        var random = new Random(Seed);
        double[] hours = new double[Draws];
        double[] drawn = new double[_fitted.Length];
        for (int draw = 0; draw < Draws; draw++)
        {
            Resample(random, drawn);
            var (slope, last) = new LineSums(drawn).Line(0, drawn.Length);
            slope *= Math.Exp(_variation * Normal(random));
            hours[draw] = slope * sign <= 0 ? double.PositiveInfinity : Math.Max(0, (level - last) / slope * _hours);
        }

        hours.AsSpan().Sort();
        double At(double q) => hours[(int)Quantiles.Rank(q, Draws) - 1];
        return double.IsFinite(At(0.5)) ? new(At(0.1), At(0.5), At(0.9)) : null;
    }

    /// <summary>Whether the last steps stand still; where that may be by chance, by more than such steps differ from the trend elsewhere.</summary>
    private static bool HasStopped(ReadOnlySpan<double> values, double slope, bool allowsStandstill)
    {
        double last = Rise(values, values.Length - 1);
        if (!(last / slope < LeastRecent) || !allowsStandstill)
        {
            return last / slope < LeastRecent;
        }

        double[] deviations = new double[values.Length - LastSteps];
        for (int i = 0; i < deviations.Length; i++)
        {
            deviations[i] = Math.Abs(Rise(values, i + LastSteps) - slope);
        }

        return Math.Abs(slope - last) > StandstillDeviations * NormalDeviation * Robust.MedianInPlace(deviations);
    }

    /// <summary>The rise per step over the steps before and including one.</summary>
    private static double Rise(ReadOnlySpan<double> values, int at) => (values[at] - values[at - LastSteps]) / LastSteps;

    private static TimedValue[] Timed(ReadOnlySpan<double> values, double stepHours)
    {
        var points = new TimedValue[values.Length];
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = new(DateTimeOffset.UnixEpoch.AddHours(i * stepHours), values[i]);
        }

        return points;
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private void Resample(Random random, double[] drawn)
    {
        int block = Math.Max(1, (int)Math.Ceiling(Math.Cbrt(_residuals.Length)));
        for (int i = 0; i < drawn.Length; i += block)
        {
            int from = random.Next(_residuals.Length - block + 1);
            for (int j = 0; j < block && i + j < drawn.Length; j++)
            {
                drawn[i + j] = _fitted[i + j] + _residuals[from + j];
            }
        }
    }
}
