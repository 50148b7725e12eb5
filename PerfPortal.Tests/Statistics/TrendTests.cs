using FsCheck.Xunit;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Statistics;

public sealed class TrendTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Eight_rising_values_give_the_figures_of_the_textbook()
    {
        var result = MannKendall.Test(Hourly(1, 3, 5, 7, 9, 11, 13, 15))!;
        Assert.Equal(2, result.SlopePerHour, 1e-12);
        Assert.Equal(27 / Math.Sqrt(8 * 7 * 21 / 18.0), result.Z, 1e-12);
        Assert.Equal(0.000837, result.PValue, 1e-6);
        Assert.Equal(8, result.Count);
    }

    [Fact]
    public void Score_and_tie_correction_are_those_worked_by_hand()
    {
        double[] values = [1, 2, 2, 3, 1];
        Assert.Equal(2, MannKendall.Score(values));
        Assert.Equal((5 * 4 * 15 - 2 * 2 * 1 * 9) / 18.0, MannKendall.VarianceOfScore(values), 1e-12);
    }

    [Fact]
    public void A_constant_series_has_no_trend()
    {
        var result = MannKendall.Test(Hourly([.. Enumerable.Repeat(4.2, 50)]))!;
        Assert.Equal((0, 1, 0), (result.SlopePerHour, result.PValue, result.Z));
    }

    [Fact]
    public void Seven_points_are_not_enough_and_what_is_no_number_is_none()
    {
        Assert.Null(MannKendall.Test(Hourly(1, 2, 3, 4, 5, 6, 7)));
        Assert.Null(MannKendall.Test(Hourly(1, 2, 3, 4, 5, 6, 7, double.NaN)));
        Assert.Null(MannKendall.Test([]));
    }

    [Fact]
    public void One_wild_value_does_not_move_the_slope_and_order_does_not_matter()
    {
        var points = Hourly([.. Enumerable.Range(0, 40).Select(i => i == 20 ? 1e6 : 10 - i * 0.5)]);
        var result = MannKendall.Test(points)!;
        Assert.Equal(-0.5, result.SlopePerHour, 0.02);
        Assert.Equal(result, MannKendall.Test(points.Reverse()));
        Assert.True(result.PValue < 0.001);
    }

    [Fact]
    public void A_long_series_is_reduced_to_blocks()
    {
        var points = Enumerable.Range(0, 5000).Select(i => new TimedValue(Start.AddMinutes(i), i / 60.0 * 3));
        var result = MannKendall.Test(points)!;
        Assert.InRange(result.Count, 300, 400);
        Assert.Equal(3, result.SlopePerHour, 1e-6);
    }

    [Fact]
    public void Noise_with_memory_is_seldom_called_a_trend()
    {
        var random = new Random(7);
        int found = 0;
        double remembered = 0.0;
        for (int run = 0; run < 200; run++)
        {
            double[] values = new double[100];
            for (int i = -50; i < values.Length; i++)
            {
                remembered = 0.6 * remembered + random.NextDouble() - 0.5;
                if (i >= 0)
                {
                    values[i] = remembered;
                }
            }

            found += MannKendall.Test(Hourly(values))!.PValue < 0.05 ? 1 : 0;
        }

        // Without the correction 30 % and more are found.
        Assert.InRange(found, 1, 22);
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(-0.01)]
    [InlineData(1e-9)]
    [InlineData(-1e9)]
    public void A_line_without_noise_is_a_trend(double step)
    {
        // Neither 100 + step × i nor its residuals are exact in binary.
        foreach (int count in (int[])[8, 60, 120, 1000])
        {
            var result = MannKendall.Test(Hourly([.. Enumerable.Range(0, count).Select(i => 100 + step * i)]))!;
            Assert.True(result.PValue < 0.01, $"{count}: {result}");
            Assert.Equal(step, result.SlopePerHour, Math.Abs(step) * 1e-4);
            Assert.Equal(Math.Sign(step), Math.Sign(result.Z));
        }
    }

    [Fact]
    public void Random_walks_are_seldom_so_straight_that_they_are_called_a_trend()
    {
        var random = new Random(11);
        int found = 0;
        for (int run = 0; run < 400; run++)
        {
            double[] values = new double[72];
            for (int i = 1; i < values.Length; i++)
            {
                values[i] = values[i - 1] + random.NextDouble() - 0.5;
            }

            found += MannKendall.Test(Hourly(values)) is { PValue: < 0.01, Autocorrelation: 0 } ? 1 : 0;
        }

        Assert.InRange(found, 0, 4);
    }

    [Property(MaxTest = 100)]
    public void A_median_agrees_with_sorting(int seed, byte size)
    {
        var random = new Random(seed);
        double[] values = [.. Enumerable.Range(0, size + 1).Select(_ => random.Next(-50, 50) / 4.0)];
        double[] kept = values.ToArray();
        Assert.Equal(MedianOf(values), Robust.Median(values)!.Value, 1e-12);
        Assert.Equal(kept, values);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(1_001)]
    [InlineData(20_000)]
    public void A_median_of_many_agrees_with_sorting_in_whatever_order_they_lie(int count)
    {
        double[] ascending = [.. Enumerable.Range(0, count).Select(i => i * 0.5)];
        double[] pipe = [.. ascending.Select((_, i) => (double)Math.Min(i, count - i))];
        double[] few = [.. ascending.Select((_, i) => (double)(i % 3))];
        double[] shuffled = [.. ascending];
        new Random(count).Shuffle(shuffled);
        foreach (double[] values in (double[][])[ascending, [.. ascending.Reverse()], pipe, few, [.. few.Select(_ => 7.0)], shuffled])
        {
            Assert.Equal(MedianOf(values), Robust.Median(values)!.Value, 1e-12);
        }
    }

    [Fact]
    public void Statistics_of_nothing_are_none()
    {
        Assert.Null(Robust.Median([]));
        Assert.Equal(double.MaxValue, Robust.Median([double.MaxValue, double.MaxValue]));
    }

    private static double MedianOf(double[] values) =>
        (values.Order().ElementAt((values.Length - 1) / 2) + values.Order().ElementAt(values.Length / 2)) / 2;

    private static TimedValue[] Hourly(params double[] values) =>
        [.. values.Select((value, i) => new TimedValue(Start.AddHours(i), value))];
}
