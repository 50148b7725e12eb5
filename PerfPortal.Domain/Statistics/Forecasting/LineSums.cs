namespace PerfPortal.Domain.Statistics.Forecasting;

/// <summary>Sums of a series with which the least-squares line of any part is known in constant time. The index of a value is its abscissa.</summary>
internal sealed class LineSums
{
    private readonly double[] _y;
    private readonly double[] _xy;
    private readonly double[] _yy;
    private readonly double _middle;

    /// <summary>Adds up a series.</summary>
    public LineSums(ReadOnlySpan<double> values)
    {
        (_y, _xy, _yy) = (new double[values.Length + 1], new double[values.Length + 1], new double[values.Length + 1]);

        // Values far from zero would lose digits when squared.
        _middle = values.IsEmpty ? 0 : values[values.Length / 2];
        for (int i = 0; i < values.Length; i++)
        {
            double y = values[i] - _middle;
            _y[i + 1] = _y[i] + y;
            _xy[i + 1] = _xy[i] + (i * y);
            _yy[i + 1] = _yy[i] + (y * y);
        }
    }

    /// <summary>The sum of the squared residuals of a part; at least 0.</summary>
    /// <param name="from">The first index.</param>
    /// <param name="end">The index behind the last; at least two values.</param>
    public double Residual(int from, int end)
    {
        var (slope, _) = Line(from, end);
        double n = end - from;
        double y = _y[end] - _y[from];
        double total = _yy[end] - _yy[from] - (y * y / n);
        return Math.Max(0, total - (slope * slope * Spread(n)));
    }

    /// <summary>The slope per index, and the value of the line at the last index of the part.</summary>
    public (double Slope, double Last) Line(int from, int end)
    {
        double n = end - from;
        double y = _y[end] - _y[from];
        double x = (from + end - 1) / 2.0;
        double slope = (_xy[end] - _xy[from] - (x * y)) / Spread(n);
        return (slope, _middle + (y / n) + (slope * (end - 1 - x)));
    }

    private static double Spread(double n) => n * ((n * n) - 1) / 12;
}
