namespace PerfPortal.Domain.Statistics.Forecasting;

/// <summary>
/// Forecasts a series of equal steps. Three families of methods (<see cref="SeasonalProfile"/>, <see cref="HoltWinters"/>, <see cref="SeasonalNaive"/>) are tried on the past: from up to
/// 30 origins each forecasts what is known. Those within 1.5 times the smallest mean error are combined, weighted by the inverse square of it (Bates and Granger, "The
/// combination of forecasts", 1969). A path is the forecast of a method, drawn by its weight, plus or minus its errors from one origin, so that errors keep their growth and
/// their dependence over the horizon. Deterministic: equal series have equal paths.
/// </summary>
public static class Forecaster
{
    /// <summary>The number of paths.</summary>
    public const int PathCount = 400;

    /// <summary>The minimum number of values.</summary>
    public const int MinimumValues = 8;

    private const int Origins = 30;
    private const double OriginSpacing = 0.25;
    private const double Tolerance = 1.5;
    private const int Seed = 4_217;
    private const int FewestTrained = 20;

    /// <summary>Forecasts the next steps.</summary>
    /// <param name="values">The series, oldest first; gaps (<see cref="double.NaN"/>) between values are filled along a line, those at the ends are left out.</param>
    /// <param name="horizon">The number of steps, at least 1.</param>
    /// <param name="seasons">Candidate season lengths, ascending, each above 1; those that occurred less than three times are not considered.</param>
    /// <returns><see langword="null"/> with fewer than <see cref="MinimumValues"/> values.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="horizon"/> is below 1.</exception>
    public static SeriesForecast? Forecast(ReadOnlySpan<double> values, int horizon, params ReadOnlySpan<int> seasons)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        double[] series = Gaps.Filled(values);
        if (series.Length < MinimumValues)
        {
            return null;
        }

        var methods = ForecastMethods.For(series, horizon, seasons, out int longest);
        double[][] expected = [.. methods.Select(method => Run(method, series, horizon))];
        var origins = OriginsOf(series.Length, horizon, longest);
        double[][][] errors = [.. methods.Select(method => origins.Select(origin => Errors(method, series, origin, horizon)).ToArray())];
        double[] weights = Weights(errors);
        double[] combined = new double[horizon];
        for (int m = 0; m < weights.Length; m++)
        {
            for (int i = 0; i < horizon; i++)
            {
                combined[i] += weights[m] * expected[m][i];
            }
        }

        return new(combined, origins.Count == 0 ? [] : Paths(expected, errors, weights));
    }

    private static double[] Run(ForecastMethod method, double[] series, int horizon)
    {
        double[] forecast = new double[horizon];
        method(series, forecast);
        return forecast;
    }

    /// <summary>The ends of the parts of the series that are forecast, the latest first.</summary>
    private static List<int> OriginsOf(int length, int horizon, int longest)
    {
        int first = Math.Max(Math.Max(longest > 1 ? (2 * longest) + 2 : Math.Min(FewestTrained, length / 2), length / 3), 2);
        int last = length - horizon;
        int spacing = Math.Max(1, Math.Min((int)(horizon * OriginSpacing), (last - first) / Origins));
        var origins = new List<int>(Origins);
        for (int at = last; at >= first && origins.Count < Origins; at -= spacing)
        {
            origins.Add(at);
        }

        return origins;
    }

    private static double[] Errors(ForecastMethod method, double[] series, int origin, int horizon)
    {
        double[] errors = new double[horizon];
        method(series.AsSpan(0, origin), errors);
        for (int i = 0; i < horizon; i++)
        {
            errors[i] = series[origin + i] - errors[i];
        }

        return errors;
    }

    private static double[] Weights(double[][][] errors)
    {
        double[] mean = [.. errors.Select(method => method.Length == 0 ? 1 : method.Average(origin => origin.Average(Math.Abs)))];
        double limit = mean.Min() * Tolerance;
        double[] weights = [.. mean.Select(error => error <= limit ? 1 / ((error * error) + double.Epsilon) : 0)];

        // A method without any error is right.
        if (weights.Any(double.IsInfinity))
        {
            weights = [.. weights.Select(weight => double.IsInfinity(weight) ? 1.0 : 0)];
        }

        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }

    private static double[][] Paths(double[][] expected, double[][][] errors, double[] weights)
    {
        var random = new Random(Seed);
        double[][] paths = new double[PathCount][];
        for (int p = 0; p < paths.Length; p++)
        {
            double drawn = random.NextDouble();
            int method = 0;
            while (method < weights.Length - 1 && (drawn -= weights[method]) > 0)
            {
                method++;
            }

            double[] error = errors[method][random.Next(errors[method].Length)];
            int sign = random.Next(2) == 0 ? 1 : -1;
            paths[p] = [.. expected[method].Select((value, i) => value + (sign * error[i]))];
        }

        return paths;
    }
}
