namespace PerfPortal.Domain.Statistics.Forecasting;

/// <summary>
/// A straight line through season means with a profile: the Theil–Sen slope (Sen, "Estimates of the regression coefficient based on Kendall's tau", 1968) of the means of the last
/// seasons, and the deviation from the line per phase, where the seasons before the last count 0.7, 0.49, … Without a season, the line through the last 26 values, whose
/// slope is damped by 0.9 per step, because trends without a season seldom last.
/// </summary>
internal static class SeasonalProfile
{
    private const int Seasons = 8;
    private const int LongSeasons = 4;
    private const int LongSeason = 100;
    private const int PlainValues = 26;
    private const double Decay = 0.7;
    private const double PlainDamping = 0.9;

    /// <summary>Forecasts a series.</summary>
    /// <param name="values">The series, oldest first, finite; at least one season and two values.</param>
    /// <param name="season">The length of the season, or 1.</param>
    /// <param name="forecast">Receives the forecast.</param>
    public static void Forecast(ReadOnlySpan<double> values, int season, Span<double> forecast)
    {
        int count = season == 1 ? Math.Min(PlainValues, values.Length) : Math.Min(season > LongSeason ? LongSeasons : Seasons, values.Length / season);
        var used = values[^(count * season)..];
        double[] means = new double[count];
        for (int i = 0; i < used.Length; i++)
        {
            means[i / season] += used[i] / season;
        }

        double slope = Slope(means) / season;
        double[] profile = season == 1 ? [0] : Profile(used, means, slope, season);
        double sum = 0;
        double factor = 1;
        for (int i = 0; i < forecast.Length; i++)
        {
            factor *= PlainDamping;
            sum += factor;

            // The mean of the last season lies in its middle.
            double steps = season == 1 ? sum : i + 1 + ((season - 1) / 2.0);
            forecast[i] = means[^1] + (slope * steps) + profile[i % season];
        }
    }

    private static double[] Profile(ReadOnlySpan<double> used, double[] means, double slope, int season)
    {
        double[] profile = new double[season];
        double weights = 0;
        for (int j = 0; j < means.Length; j++)
        {
            double weight = Math.Pow(Decay, means.Length - 1 - j);
            weights += weight;
            for (int i = 0; i < season; i++)
            {
                profile[i] += weight * (used[(j * season) + i] - means[j] - (slope * (i - ((season - 1) / 2.0))));
            }
        }

        for (int i = 0; i < season; i++)
        {
            profile[i] /= weights;
        }

        return profile;
    }

    private static double Slope(double[] means)
    {
        if (means.Length < 2)
        {
            return 0;
        }

        double[] slopes = new double[means.Length * (means.Length - 1) / 2];
        int at = 0;
        for (int i = 0; i < means.Length; i++)
        {
            for (int j = i + 1; j < means.Length; j++)
            {
                slopes[at++] = (means[j] - means[i]) / (j - i);
            }
        }

        return Robust.MedianInPlace(slopes);
    }
}
