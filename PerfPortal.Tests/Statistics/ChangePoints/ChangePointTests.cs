using PerfPortal.Domain.Statistics.ChangePoints;
using Xunit;

namespace PerfPortal.Tests.Statistics.ChangePoints;

public sealed class ChangePointTests
{
    [Fact]
    public void A_clear_step_is_found_where_it_is_with_its_size()
    {
        var change = Assert.Single(ChangePointFinder.Find(Noise.Independent(1, 120, i => i < 70 ? 10 : 12, 0.5)));
        Assert.InRange(change.Index, 69, 71);
        Assert.InRange(70, change.Low, change.High);
        Assert.Equal(2, change.Size, 0.3);
        Assert.InRange(2, change.SizeLow, change.SizeHigh);
        Assert.True(change.Confidence > 0.9999 && change.Z > 5);
    }

    [Fact]
    public void Every_step_of_several_is_found_and_a_fall_has_a_negative_size()
    {
        var changes = ChangePointFinder.Find(Noise.Independent(2, 300, i => i < 80 ? 10 : i < 110 ? 13 : i < 220 ? 10 : 8, 0.5));
        Assert.Equal(3, changes.Count);
        Assert.All(changes.Zip([80, 110, 220]), pair => Assert.InRange(pair.First.Index, pair.Second - 1, pair.Second + 1));
        Assert.Equal([1, -1, -1], changes.Select(change => Math.Sign(change.Size)));
    }

    [Fact]
    public void Five_values_far_away_at_the_end_are_a_change_and_two_are_not()
    {
        Assert.InRange(Assert.Single(ChangePointFinder.Find(Noise.Independent(3, 300, i => i < 295 ? 10 : 40))).Index, 294, 295);
        Assert.Empty(ChangePointFinder.Find(Noise.Independent(3, 300, i => i < 298 ? 10 : 40)));
    }

    [Fact]
    public void A_single_outlier_is_no_change() => Assert.Empty(ChangePointFinder.Find(Noise.Independent(4, 200, i => i == 100 ? 1e6 : 10)));

    [Fact]
    public void A_series_without_variation_and_one_that_is_mostly_constant_are_judged()
    {
        Assert.Empty(ChangePointFinder.Find([.. Enumerable.Repeat(4.2, 200)]));
        double[] rounded = [.. Enumerable.Range(0, 120).Select(i => (i < 60 ? 100.0 : 110.0) + (i % 9 == 0 ? 1 : 0))];
        Assert.InRange(Assert.Single(ChangePointFinder.Find(rounded)).Index, 59, 61);
    }

    [Fact]
    public void Awkward_values_are_skipped_and_too_few_say_nothing()
    {
        Assert.Empty(ChangePointFinder.Find([]));
        Assert.Empty(ChangePointFinder.Find([1]));
        Assert.Empty(ChangePointFinder.Find([.. Enumerable.Range(0, 19).Select(i => i < 10 ? 1.0 : 100)]));
        double[] gaps = [.. Noise.Independent(5, 120, i => i < 60 ? -10 : -8, 0.3).Select((value, i) => i % 3 == 0 ? double.NaN : i == 50 ? double.PositiveInfinity : value)];
        Assert.InRange(Assert.Single(ChangePointFinder.Find(gaps)).Index, 58, 62);
        Assert.Empty(ChangePointFinder.Find([.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? double.MaxValue : double.MinValue)]));
    }

    [Fact]
    public void A_small_change_below_the_minimum_size_is_not_reported()
    {
        double[] values = Noise.Independent(6, 200, i => i < 100 ? 100 : 102, 0.2);
        Assert.Single(ChangePointFinder.Find(values));
        Assert.Empty(ChangePointFinder.Find(values, new() { MinimumRelativeSize = 0.05 }));
        Assert.Empty(ChangePointFinder.Find(values, new() { MinimumSize = 3 }));
    }

    [Fact]
    public void A_slope_is_no_step() => Assert.Empty(ChangePointFinder.Find(Noise.Independent(7, 336, i => 10 + (i * 0.05))));

    // Shares of series without a change that show one. Stated in docs/insight/regressions.md: 1 % for independent values, 5 % for those with memory.
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.3, 5)]
    [InlineData(0.6, 5)]
    [InlineData(0.9, 7)]
    public void Series_without_a_change_rarely_show_one(double rho, int percent)
    {
        int shown = Enumerable.Range(0, 400).Count(seed => ChangePointFinder.Find(Noise.Autoregressive(1000 + seed, 120, rho)).Count > 0);
        Assert.InRange(shown, 0, 4 * percent);
    }

    [Fact]
    public void A_long_series_without_a_change_shows_one_no_more_often_than_a_short_one() =>
        Assert.InRange(Enumerable.Range(0, 15).Count(seed => ChangePointFinder.Find(Noise.Independent(seed, 5_000, _ => 10)).Count > 0), 0, 2);

    [Fact]
    public void A_random_walk_rarely_shows_a_change() =>
        Assert.InRange(Enumerable.Range(0, 200).Count(seed => ChangePointFinder.Find(Noise.Autoregressive(seed, 336, 0.9999)).Count > 0), 0, 24);

    [Fact]
    public void The_interval_holds_the_change_19_times_of_20()
    {
        int held = 0;
        int found = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            int at = 60 + (seed % 61);
            if (ChangePointFinder.Find(Noise.Independent(seed, 180, i => i < at ? 10 : 11.2)) is [var change])
            {
                found++;
                held += change.Low <= at && at <= change.High ? 1 : 0;
            }
        }

        Assert.True(found > 150);
        Assert.True(held >= 0.95 * found, $"{held} of {found}");
    }

    [Fact]
    public void The_probability_of_a_largest_statistic_is_that_of_the_formula()
    {
        // φ(4) = 1.3383e-4; ln(0.95² / 0.05²) = 5.8889; φ(4)·((4 − 1/4)·5.8889 + 4/4).
        Assert.Equal(1.3383e-4 * ((3.75 * 5.8889) + 1), MaximalStatistic.Probability(4, 100, 5), 1e-6);
        Assert.Equal(1, MaximalStatistic.Probability(0.5, 100, 5));
        Assert.Equal(1, MaximalStatistic.Probability(double.NaN, 100, 5));
    }

    [Fact]
    public void Ranks_at_a_split_give_the_statistic_of_Mann_and_Whitney()
    {
        double[] values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8];
        double[] z = new double[values.Length];
        new LevelScan(values, 2).Statistics(0, values.Length, 1, z);

        // By hand: U of the first six is 10 of 36, ties 1,1 · 3,3 · 5,5,5 take (6 + 6 + 24) from n³ − n.
        double variance = 36 / 12.0 * (13 - (36 / 12.0 / 11));
        int wins = values[..6].Sum(a => values[6..].Count(b => a > b));
        double ties = values[..6].Sum(a => values[6..].Count(b => a == b)) / 2.0;
        Assert.Equal((18 - wins - ties) / Math.Sqrt(variance), z[6], 1e-12);
    }
}
