namespace PerfPortal.Domain.Statistics.Forecasting;

/// <summary>Forecasts the steps that follow a series, or a beginning of it.</summary>
internal delegate void ForecastMethod(ReadOnlySpan<double> values, Span<double> forecast);

/// <summary>The methods that are tried for a series.</summary>
internal static class ForecastMethods
{
    private const int MinRepeats = 3;

    // A season this long leaves room for a trend without it.
    private const int LongSeason = 50;

    // A forecast covers a small part of such a season, which the last one describes as it was.
    private const int VeryLongSeason = 100;

    /// <summary>Returns the methods for a series.</summary>
    /// <param name="series">The series.</param>
    /// <param name="horizon">The number of steps to forecast.</param>
    /// <param name="seasons">Candidate season lengths, ascending.</param>
    /// <param name="longest">The longest season that is used, or 1.</param>
    public static List<ForecastMethod> For(double[] series, int horizon, ReadOnlySpan<int> seasons, out int longest)
    {
        var used = new List<int>();
        foreach (int season in seasons)
        {
            if (season > 1 && series.Length >= (MinRepeats * season) + horizon)
            {
                used.Add(season);
            }
        }

        longest = used.Count > 0 ? used[^1] : 1;
        var methods = new List<ForecastMethod>();
        if (used.Count == 0 || used[0] >= LongSeason)
        {
            var plain = HoltWinters.Fit(series, 1, 1);
            methods.Add(plain.Forecast);
            methods.Add((values, forecast) => SeasonalProfile.Forecast(values, 1, forecast));
        }

        foreach (int season in used)
        {
            methods.Add((values, forecast) => SeasonalProfile.Forecast(values, season, forecast));
            methods.Add((values, forecast) => SeasonalNaive.Forecast(values, season, season < VeryLongSeason, forecast));
        }

        if (used.Count > 0)
        {
            methods.Add(HoltWinters.Fit(series, used[0], 1).Forecast);
        }

        if (used.Count > 1)
        {
            methods.Add(HoltWinters.Fit(series, used[0], used[1]).Forecast);
        }

        return methods;
    }
}
