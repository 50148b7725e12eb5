using System.Globalization;
using System.Text;

namespace PerfPortal.Server.Controls;

/// <summary>Builds the SVG path of a sparkline. Unknown values leave a gap.</summary>
internal static class SparklinePath
{
    /// <summary>Returns the scale of a sparkline. It includes the threshold only if that is close enough not to flatten the line.</summary>
    public static (double Low, double High) Scale(IReadOnlyList<double?> values, double? min, double? max, double? threshold)
    {
        double low = min ?? double.PositiveInfinity, high = max ?? double.NegativeInfinity;
        foreach (double? value in values)
        {
            if (value is not { } v || !double.IsFinite(v))
            {
                continue;
            }

            low = min is null ? Math.Min(low, v) : low;
            high = max is null ? Math.Max(high, v) : high;
        }

        if (!double.IsFinite(low) || !double.IsFinite(high))
        {
            return (0, 1);
        }

        if (threshold is { } t && max is null && t > high && t - low <= 3 * Math.Max(high - low, double.Epsilon))
        {
            high = t;
        }

        return high > low ? (low, high) : (low - 0.5, low + 0.5);
    }

    /// <summary>Returns the path of the line in a box of the given size. An isolated value becomes a short dash.</summary>
    public static string Line(IReadOnlyList<double?> values, double width, double height, double low, double high)
    {
        var path = new StringBuilder();
        double step = values.Count > 1 ? width / (values.Count - 1) : 0;
        bool pen = false;
        for (int i = 0; i < values.Count; i++)
        {
            if (values[i] is not { } v || !double.IsFinite(v))
            {
                pen = false;
                continue;
            }

            double x = values.Count > 1 ? i * step : width / 2;
            bool lone = !pen && (i + 1 == values.Count || values[i + 1] is not { } next || !double.IsFinite(next));
            path.Append(CultureInfo.InvariantCulture, $"{(pen ? 'L' : 'M')}{x:0.#} {Y(v, height, low, high):0.#}");
            if (lone)
            {
                path.Append("h1");
            }

            pen = true;
        }

        return path.ToString();
    }

    /// <summary>Returns the distance of a value from the top, with a margin of one pixel at both ends.</summary>
    public static double Y(double value, double height, double low, double high) =>
        1 + ((height - 2) * (1 - Math.Clamp((value - low) / (high - low), 0, 1)));
}
