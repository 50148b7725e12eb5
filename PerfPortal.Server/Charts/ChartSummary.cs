using PerfPortal.Domain.Text;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Views;

namespace PerfPortal.Server.Charts;

/// <summary>Summarizes a chart in a sentence for screen readers.</summary>
internal static class ChartSummary
{
    /// <summary>Returns the range and, for each series, the last, lowest and highest value and the number of gaps.</summary>
    public static string Text(string title, ChartData data, string? unit, BrowserClock clock)
    {
        if (data.IsEmpty)
        {
            return $"{title}: no data.";
        }

        var series = data.Series.Select(s => $"{s.Name}: {Series(s, unit)}");
        return $"{title}, {clock.Format(data.From, TimePrecision.Minute)} to {clock.Format(data.To, TimePrecision.Minute)}. {string.Join("; ", series)}.";
    }

    private static string Series(ChartSeries series, string? unit)
    {
        double[] known = [.. series.Values.Where(v => v is { } x && double.IsFinite(x)).Select(v => v!.Value)];
        if (known.Length == 0)
        {
            return "no data";
        }

        int missing = series.Values.Count - known.Length;
        return $"last {Format.Value(known[^1], unit)}, lowest {Format.Value(known.Min(), unit)}, highest {Format.Value(known.Max(), unit)}"
            + (missing > 0 ? $", {Format.Count(missing)} of {Format.Count(series.Values.Count)} points missing" : "");
    }
}
