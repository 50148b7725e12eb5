namespace PerfPortal.Domain.Statistics.Forecasting;

/// <summary>When a level will be reached.</summary>
/// <param name="Probability">The share of paths that reach it within the horizon, 0–1.</param>
/// <param name="Early">The 10 % quantile of the step, from 1, among the paths that reach it.</param>
/// <param name="Median">The median step.</param>
/// <param name="Late">The 90 % quantile of the step.</param>
public sealed record Passage(double Probability, int Early, int Median, int Late);

/// <summary>A forecast with paths that say how uncertain it is.</summary>
/// <param name="Values">The expected values of the next steps.</param>
/// <param name="Paths">Possible courses, each as long as <paramref name="Values"/>; empty when there are too few values for a backtest.</param>
public sealed record SeriesForecast(IReadOnlyList<double> Values, IReadOnlyList<double[]> Paths)
{
    /// <summary>The quantile of the paths at a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="q">The quantile, 0–1.</param>
    /// <exception cref="InvalidOperationException">There are no paths.</exception>
    public double Quantile(int step, double q)
    {
        double[] values = Paths.Count == 0 ? throw new InvalidOperationException("There are no paths.") : [.. Paths.Select(path => path[step]).Order()];
        return values[(int)Quantiles.Rank(q, values.Length) - 1];
    }

    /// <summary>When a level will be reached from below; from above where the series has to fall to it. <see langword="null"/> when no path reaches it, and without paths.</summary>
    /// <param name="level">The level.</param>
    /// <param name="isRising">Whether the level is an upper one.</param>
    public Passage? FirstPassage(double level, bool isRising)
    {
        var steps = new List<int>(Paths.Count);
        foreach (double[] path in Paths)
        {
            int step = Array.FindIndex(path, value => isRising ? value >= level : value <= level);
            if (step >= 0)
            {
                steps.Add(step + 1);
            }
        }

        if (steps.Count == 0)
        {
            return null;
        }

        steps.Sort();
        int At(double q) => steps[(int)Quantiles.Rank(q, steps.Count) - 1];
        return new((double)steps.Count / Paths.Count, At(0.1), At(0.5), At(0.9));
    }
}
