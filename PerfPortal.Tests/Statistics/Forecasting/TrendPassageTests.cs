using PerfPortal.Domain.Statistics.Forecasting;
using Xunit;

namespace PerfPortal.Tests.Statistics.Forecasting;

public sealed class TrendPassageTests
{
    [Fact]
    public void A_line_reaches_a_level_after_the_distance_over_the_slope()
    {
        var trend = TrendPassage.Of([.. Enumerable.Range(0, 60).Select(i => 100 - (0.5 * i))], 1 / 12.0)!;
        Assert.Equal(-6, trend.SlopePerHour, 9);
        Assert.Equal(70.5, trend.Level, 9);
        var when = trend.Reaches(0)!.Value;
        Assert.Equal(70.5 / 6, when.Median, 0.5);
        Assert.InRange(when.Early, 0.8 * 70.5 / 6, when.Median);
        Assert.InRange(when.Late, when.Median, 1.25 * 70.5 / 6);
        Assert.Null(trend.Reaches(101));
    }

    [Fact]
    public void Noise_a_bend_a_halt_and_too_few_values_are_no_trend()
    {
        var random = new Random(5);
        Assert.Null(TrendPassage.Of([.. Enumerable.Range(0, 60).Select(_ => random.NextDouble())], 1));
        Assert.Null(TrendPassage.Of([.. Enumerable.Range(0, 60).Select(i => Math.Max(i, 45.0))], 1));
        Assert.Null(TrendPassage.Of([.. Enumerable.Range(0, 60).Select(i => Math.Min(i, 50.0))], 1));
        Assert.Null(TrendPassage.Of([.. Enumerable.Range(0, 60).Select(i => Math.Min(i, 57.0))], 1));
        Assert.Null(TrendPassage.Of([1, 2, 3, 4, 5, 6, 7], 1));
        Assert.Null(TrendPassage.Of([.. Enumerable.Repeat(3.0, 30)], 1));
    }

    [Fact]
    public void The_last_piece_begins_at_the_last_bend_or_jump()
    {
        double[] bend = [.. Enumerable.Range(0, 72).Select(i => 40 - Math.Max(0, 0.4 * (i - 30)) + (0.02 * (i % 3)))];
        var found = LinearRegime.Find(bend, 12);
        Assert.InRange(found.Start, 28, 32);
        Assert.InRange(30, found.StartLow, found.StartHigh + 2);
        double[] saw = [.. Enumerable.Range(0, 72).Select(i => 20.0 + (i % 24))];
        Assert.Equal(48, LinearRegime.Find(saw, 12).Start);
        Assert.Equal(0, LinearRegime.Find([.. Enumerable.Range(0, 72).Select(i => 3.0 * i)], 12).Start);
        Assert.Equal(0, LinearRegime.Find([5, 5, 5], 12).Start);
        Assert.Equal(0, LinearRegime.Find([], 12).Start);
    }

    [Fact]
    public void The_line_of_any_part_is_that_of_least_squares()
    {
        double[] values = [1e9 + 3, 1e9 + 1, 1e9 + 4, 1e9 + 1, 1e9 + 5, 1e9 + 9];
        var (slope, last) = new LineSums(values).Line(1, 5);

        // By hand for (1, 1), (2, 4), (3, 1), (4, 5): means 2.5 and 2.75, Sxy = 4.5, Sxx = 5.
        Assert.Equal(0.9, slope, 6);
        Assert.Equal(1e9 + 2.75 + (0.9 * 1.5), last, 6);
        Assert.Equal(12.75 - (0.9 * 4.5), new LineSums(values).Residual(1, 5), 5);
    }

    [Theory]
    [InlineData(new double[] { 1, 5, 2, 4, 1, 9 }, 1, 4)]
    [InlineData(new double[] { 9, 5, 9, 1, 1 }, -1, 4)]
    [InlineData(new double[] { 1, 2, 3, 4 }, 1, 0)]
    [InlineData(new double[] { 1, double.NaN, 8, 4, 8 }, 1, 7)]
    [InlineData(new double[0], 1, 0)]
    public void A_swing_is_a_rise_of_which_half_was_taken_back(double[] values, int sign, double expected) =>
        Assert.Equal(expected, Swings.Largest(values, sign));
}
