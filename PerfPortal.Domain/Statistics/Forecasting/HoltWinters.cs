namespace PerfPortal.Domain.Statistics.Forecasting;

/// <summary>
/// Exponential smoothing with a damped additive trend (Gardner and McKenzie, "Forecasting trends in time series", 1985), no, one or two additive seasons, and a first-order
/// autoregressive error (Taylor, "Short-term electricity demand forecasting using double seasonal exponential smoothing", 2003). The smoothing constants are chosen from a grid, one after
/// the other, by the squared error of the forecasts one step ahead.
/// </summary>
internal sealed class HoltWinters
{
    private const int Rounds = 3;
    private const double MaxAutocorrelation = 0.95;
    private const int FirstErrors = 5;

    private static readonly double[] Levels = [0.005, 0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 0.95, 1];
    private static readonly double[] Trends = [0, 0.01, 0.05, 0.1, 0.2, 0.4];
    private static readonly double[] Dampings = [0.8, 0.9, 0.95, 0.98, 1];
    private static readonly double[] Seasonals = [0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.8];
    private static readonly double[][] Grid = [Levels, Trends, Dampings, Seasonals, Seasonals];

    private readonly int _first;
    private readonly int _second;
    private readonly double[] _constants;

    private HoltWinters(int first, int second, double[] constants) => (_first, _second, _constants) = (first, second, constants);

    /// <summary>Chooses the constants for a series.</summary>
    /// <param name="values">The series, oldest first, finite; at least two of the longest season.</param>
    /// <param name="first">The length of the first season, or 1 for none.</param>
    /// <param name="second">The length of a longer season, or 1 for none.</param>
    public static HoltWinters Fit(ReadOnlySpan<double> values, int first, int second)
    {
        double[] best = [0.3, 0.05, 0.95, 0.2, 0.2];
        double error = new HoltWinters(first, second, best).Run(values, []);
        for (int round = 0; round < Rounds; round++)
        {
            bool isBetter = false;
            for (int constant = 0; constant < Grid.Length; constant++)
            {
                if ((constant == 3 && first == 1) || (constant == 4 && second == 1))
                {
                    continue;
                }

                foreach (double value in Grid[constant])
                {
                    double[] tried = [.. best];
                    tried[constant] = value;
                    double squared = new HoltWinters(first, second, tried).Run(values, []);
                    if (squared < error * 0.9999)
                    {
                        (error, best, isBetter) = (squared, tried, true);
                    }
                }
            }

            if (!isBetter)
            {
                break;
            }
        }

        return new(first, second, best);
    }

    /// <summary>Forecasts a series, which may be a part of the one that it was fitted to.</summary>
    public void Forecast(ReadOnlySpan<double> values, Span<double> forecast) => Run(values, forecast);

    /// <summary>Returns the sum of the squared errors one step ahead.</summary>
    private double Run(ReadOnlySpan<double> values, Span<double> forecast)
    {
        var state = State.Begin(values, _first, _second);
        double alpha = _constants[0];
        double damping = _constants[2];
        double[] errors = new double[values.Length];
        int skipped = Math.Min(values.Length, _first == 1 ? FirstErrors : _first);
        double products = 0;
        double squares = 0;
        for (int t = 0; t < values.Length; t++)
        {
            int phase = t % _first;
            int longPhase = t % _second;
            double expected = state.Level + (damping * state.Trend) + state.Season[phase] + state.LongSeason[longPhase];
            double error = values[t] - expected;
            errors[t] = error;
            if (t >= skipped && t > 0)
            {
                products += error * errors[t - 1];
                squares += errors[t - 1] * errors[t - 1];
            }

            state.Level += (damping * state.Trend) + (alpha * error);
            state.Trend = (damping * state.Trend) + (alpha * _constants[1] * error);
            if (_first > 1)
            {
                state.Season[phase] += _constants[3] * (1 - alpha) * error;
            }

            if (_second > 1)
            {
                state.LongSeason[longPhase] += _constants[4] * (1 - alpha) * error;
            }
        }

        double rho = squares > 0 ? Math.Clamp(products / squares, -MaxAutocorrelation, MaxAutocorrelation) : 0;
        state.Continue(values.Length, damping, rho * errors[^1], rho, forecast);
        double sum = 0;
        for (int t = Math.Max(1, skipped); t < errors.Length; t++)
        {
            double rest = errors[t] - (rho * errors[t - 1]);
            sum += rest * rest;
        }

        return double.IsFinite(sum) ? sum : double.MaxValue;
    }

    private struct State
    {
        public double Level;
        public double Trend;
        public double[] Season;
        public double[] LongSeason;

        /// <summary>Begins with the means of the first seasons.</summary>
        public static State Begin(ReadOnlySpan<double> values, int first, int second)
        {
            if (first == 1 && second == 1)
            {
                return new() { Level = values[0], Season = [0], LongSeason = [0] };
            }

            var head = values[..Math.Min(values.Length, second > 1 ? 2 * second : 3 * first)];
            double level = 0;
            foreach (double value in head)
            {
                level += value / head.Length;
            }

            double[] season = Means(head, first, level, []);
            return new() { Level = level, Season = season, LongSeason = Means(head, second, level, season) };
        }

        public readonly void Continue(int at, double damping, double error, double rho, Span<double> forecast)
        {
            double damped = 1;
            double sum = 0;
            for (int i = 0; i < forecast.Length; i++)
            {
                damped *= damping;
                sum += damped;
                forecast[i] = Level + (sum * Trend) + Season[(at + i) % Season.Length] + LongSeason[(at + i) % LongSeason.Length] + error;
                error *= rho;
            }
        }

        private static double[] Means(ReadOnlySpan<double> head, int length, double level, double[] known)
        {
            double[] means = new double[length];
            if (length == 1)
            {
                return means;
            }

            int[] counts = new int[length];
            for (int i = 0; i < head.Length; i++)
            {
                means[i % length] += head[i] - level - (known.Length > 0 ? known[i % known.Length] : 0);
                counts[i % length]++;
            }

            for (int i = 0; i < length; i++)
            {
                means[i] /= Math.Max(1, counts[i]);
            }

            return means;
        }
    }
}
