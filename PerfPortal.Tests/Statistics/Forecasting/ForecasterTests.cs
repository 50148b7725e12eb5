using PerfPortal.Domain.Statistics.Forecasting;
using Xunit;

namespace PerfPortal.Tests.Statistics.Forecasting;

public sealed class ForecasterTests
{
    [Fact]
    public void A_straight_line_goes_on_and_reaches_a_level_when_arithmetic_says_so()
    {
        var forecast = Forecaster.Forecast([.. Enumerable.Range(0, 100).Select(i => 10 + (2.0 * i))], 10)!;
        Assert.All(forecast.Values.Index(), step => Assert.Equal(10 + (2 * (100 + step.Index)), step.Item, 1.0));
        var passage = forecast.FirstPassage(218.5, isRising: true)!;
        Assert.Equal(1, passage.Probability);
        Assert.InRange(passage.Median, 5, 7);
        Assert.Null(forecast.FirstPassage(300, isRising: true));
    }

    [Fact]
    public void A_daily_course_is_repeated_and_a_level_above_it_is_not_reached()
    {
        var random = new Random(1);
        double Course(int hour) => 50 + (20 * Math.Sin(2 * Math.PI * hour / 24));
        var forecast = Forecaster.Forecast([.. Enumerable.Range(0, 240).Select(hour => Course(hour) + random.NextDouble() - 0.5)], 24, 24, 168)!;
        Assert.All(forecast.Values.Index(), step => Assert.Equal(Course(240 + step.Index), step.Item, 1.5));
        Assert.Null(forecast.FirstPassage(75, isRising: true));
        Assert.InRange(forecast.FirstPassage(69, isRising: true)!.Median, 4, 8);
        Assert.InRange(forecast.FirstPassage(31, isRising: false)!.Median, 16, 20);
    }

    [Fact]
    public void The_interval_of_a_random_walk_holds_about_eight_of_ten_passages()
    {
        var random = new Random(3);
        int reached = 0;
        int within = 0;
        for (int run = 0; run < 60; run++)
        {
            double[] walk = new double[200];
            for (int i = 1; i < walk.Length; i++)
            {
                walk[i] = walk[i - 1] + 0.5 + (random.NextDouble() - 0.5);
            }

            var passage = Forecaster.Forecast(walk.AsSpan(0, 150), 50)!.FirstPassage(walk[149] + 12, isRising: true);
            int actual = Array.FindIndex(walk, 150, value => value >= walk[149] + 12) - 149;
            if (actual > 0 && passage is not null)
            {
                reached++;
                within += actual >= passage.Early && actual <= passage.Late ? 1 : 0;
            }
        }

        Assert.True(reached > 50);
        Assert.InRange((double)within / reached, 0.6, 1);
    }

    [Fact]
    public void Equal_series_have_equal_forecasts()
    {
        double[] series = [.. Enumerable.Range(0, 90).Select(i => Math.Sqrt(i) + Math.Sin(i))];
        var one = Forecaster.Forecast(series, 9, 7)!;
        var other = Forecaster.Forecast(series, 9, 7)!;
        Assert.Equal(one.Values, other.Values);
        Assert.Equal(one.Paths, other.Paths);
    }

    [Fact]
    public void Awkward_series_are_refused_or_forecast_without_surprise()
    {
        Assert.Null(Forecaster.Forecast([], 5));
        Assert.Null(Forecaster.Forecast([1], 5));
        Assert.Null(Forecaster.Forecast([double.NaN, double.NaN, double.NaN], 5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Forecaster.Forecast([1, 2, 3], 0));
        var equal = Forecaster.Forecast([.. Enumerable.Repeat(-7.0, 60)], 5, 12)!;
        Assert.All(equal.Values, value => Assert.Equal(-7, value, 9));
        Assert.Null(equal.FirstPassage(-6.9, isRising: true));
        var short_ = Forecaster.Forecast([1, 2, 3, 4, 5, 6, 7, 8], 20)!;
        Assert.Equal((20, 0), (short_.Values.Count, short_.Paths.Count));
        Assert.Null(short_.FirstPassage(9, isRising: true));
        var gaps = Forecaster.Forecast([double.NaN, .. Enumerable.Range(0, 40).Select(i => i % 7 == 3 ? double.NaN : i), double.NaN], 3)!;
        Assert.Equal(40, gaps.Values[0], 0.5);
        Assert.All(Forecaster.Forecast([.. Enumerable.Range(0, 50).Select(i => i % 2 == 0 ? 1e300 : -1e300)], 3)!.Values, value => Assert.False(double.IsInfinity(value)));
    }
}
