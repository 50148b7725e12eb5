namespace PerfPortal.Domain.Statistics.Forecasting;

/// <summary>The last season again: as it was, or moved to the last value.</summary>
internal static class SeasonalNaive
{
    /// <summary>Forecasts a series of more than one season.</summary>
    /// <param name="values">The series, oldest first.</param>
    /// <param name="season">The length of the season.</param>
    /// <param name="fromLast">Whether the season begins at the last value.</param>
    /// <param name="forecast">Receives the forecast.</param>
    public static void Forecast(ReadOnlySpan<double> values, int season, bool fromLast, Span<double> forecast)
    {
        double shift = fromLast ? values[^1] - values[^(season + 1)] : 0;
        for (int i = 0; i < forecast.Length; i++)
        {
            forecast[i] = values[values.Length - season + (i % season)] + shift;
        }
    }
}
