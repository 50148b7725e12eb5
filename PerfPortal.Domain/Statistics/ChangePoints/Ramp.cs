namespace PerfPortal.Domain.Statistics.ChangePoints;

/// <summary>Tells a step from a gradual change: two levels must leave less of the values unexplained than a straight line, which has as many parameters.</summary>
internal static class Ramp
{
    private const double ClipAt = 3;

    /// <summary>Whether the values of [from, to) change at the split rather than all the time.</summary>
    public static bool IsStep(double[] values, int from, int split, int to)
    {
        int n = to - from;
        double[] own = values.AsSpan(from, n).ToArray();
        double before = Robust.Median(own.AsSpan(0, split - from)) ?? 0;
        double after = Robust.Median(own.AsSpan(split - from)) ?? 0;
        double[] rest = new double[n];
        for (int i = 0; i < n; i++)
        {
            rest[i] = Math.Abs(own[i] - (i < split - from ? before : after));
        }

        double clip = ClipAt * Spread.Of(rest);
        for (int i = 0; i < n; i++)
        {
            double level = i < split - from ? before : after;
            own[i] = clip > 0 ? Math.Clamp(own[i], level - clip, level + clip) : own[i];
        }

        return Squares(own.AsSpan(0, split - from)) + Squares(own.AsSpan(split - from)) < LineSquares(own);
    }

    private static double Squares(ReadOnlySpan<double> values)
    {
        double mean = Mean(values);
        double sum = 0;
        foreach (double value in values)
        {
            sum += (value - mean) * (value - mean);
        }

        return sum;
    }

    private static double LineSquares(ReadOnlySpan<double> values)
    {
        double mean = Mean(values);
        double middle = (values.Length - 1) / 2.0;
        double covariance = 0;
        double squares = 0;
        for (int i = 0; i < values.Length; i++)
        {
            covariance += (i - middle) * (values[i] - mean);
            squares += (i - middle) * (i - middle);
        }

        return Squares(values) - (squares > 0 ? covariance * covariance / squares : 0);
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum / Math.Max(1, values.Length);
    }
}
