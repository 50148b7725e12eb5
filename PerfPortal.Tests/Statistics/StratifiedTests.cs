using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Statistics;

public sealed class StratifiedTests
{
    [Fact]
    public void With_one_stratum_the_ranks_are_those_of_mann_and_whitney()
    {
        var now = Sketch(Enumerable.Range(0, 40).Select(i => 1.5 + 0.1 * i));
        var before = Sketch(Enumerable.Range(0, 30).Select(i => 1.0 + 0.13 * i));
        var stratified = VanElteren.Compare([(now, before)])!.Value;
        var plain = MannWhitney.Compare(now, before)!.Value;
        Assert.Equal(plain.Z, stratified.Z, 12);
        Assert.Equal(plain.PValue, stratified.PValue, 12);
        Assert.Equal(plain.Superiority, stratified.Superiority, 12);
    }

    [Fact]
    public void The_statistic_is_the_weighted_sum_of_the_ranks_of_each_stratum()
    {
        // By hand: strata of 2 and 3, and of 4 and 4 values, without ties. Wins 5 of 6 and 10 of 16.
        var first = (Sketch([3, 5]), Sketch([1, 2, 4]));
        var second = (Sketch([10, 30, 50, 60]), Sketch([20, 40, 25, 5]));
        double wins = 2 + 3;
        double wins2 = 1 + 3 + 4 + 4;
        double excess = (wins - 3) / 6 + (wins2 - 8) / 9;
        double variance = 2 * 3 * 6 / 12.0 / 36 + 4 * 4 * 9 / 12.0 / 81;
        Assert.Null(VanElteren.Compare([first, second]));

        // A stratum without a base says nothing.
        var enough = VanElteren.Compare([first, second, second, (Sketch([7, 7, 7]), new())])!.Value;
        double all = excess + (wins2 - 8) / 9;
        double allVariance = variance + 4 * 4 * 9 / 12.0 / 81;
        Assert.Equal((all - 0.5 / 9) / Math.Sqrt(allVariance), enough.Z, 9);
    }

    [Fact]
    public void Strata_that_only_differ_from_each_other_are_no_difference()
    {
        var result = VanElteren.Compare([(Sketch(Spread(200, 1)), Sketch(Spread(20, 1))), (Sketch(Spread(20, 100)), Sketch(Spread(200, 100)))])!.Value;
        Assert.InRange(result.PValue, 0.5, 1);
        Assert.InRange(result.Superiority, 0.48, 0.52);

        // Pooled, the same data look like a large improvement.
        var now = Sketch(Spread(200, 1).Concat(Spread(20, 100)));
        var before = Sketch(Spread(20, 1).Concat(Spread(200, 100)));
        Assert.True(MannWhitney.Compare(now, before)!.Value.PValue < 1e-30);
    }

    [Fact]
    public void Equal_values_everywhere_are_no_difference()
    {
        var result = VanElteren.Compare([(Sketch(Enumerable.Repeat(0.0, 50)), Sketch(Enumerable.Repeat(0.0, 50)))])!.Value;
        Assert.Equal((0, 1, 0.5), (result.Z, result.PValue, result.Superiority));
    }

    [Theory]
    [InlineData(9, 10, 19, 20)]
    [InlineData(7, 10, 40, 41)]
    [InlineData(100, 103, 1000, 1001)]
    [InlineData(0, 4, 3, 3)]
    public void With_one_small_stratum_the_success_test_is_that_of_fisher(long a, long n, long b, long m) =>
        Assert.Equal(ProportionTest.Fisher(a, n, b, m), MantelHaenszel.Compare([new(a, n, b, m)])!.Value.PValue, 9);

    [Fact]
    public void The_exact_success_test_sums_over_all_tables()
    {
        // Two strata of 3 and 4 trials, 2 failures each, all tables enumerated by hand.
        SuccessStratum[] strata = [new(1, 3, 4, 4), new(1, 3, 4, 4)];
        double[] one = [.. Enumerable.Range(0, 3).Select(k => Choose(2, k) * Choose(5, 3 - k) / Choose(7, 3))];
        double[] sum = new double[5];
        for (int i = 0; i < 3; i++)
        {
            for (int k = 0; k < 3; k++)
            {
                sum[i + k] += one[i] * one[k];
            }
        }

        var result = MantelHaenszel.Compare(strata)!.Value;
        Assert.True(result.IsExact);
        Assert.Equal(sum.Where(p => p <= sum[4] * 1.000001).Sum(), result.PValue, 9);
        Assert.True(result.Excess < 0);
    }

    [Fact]
    public void With_many_failures_the_success_test_is_the_normal_one()
    {
        SuccessStratum[] strata = [new(80, 100, 180, 200), new(40, 50, 45, 50)];
        double excess = 20 - 100 * 40 / 300.0 + 10 - 50 * 15 / 100.0;
        double variance = 100 * 200 * 40 * 260.0 / (300 * 300 * 299.0) + 50 * 50 * 15 * 85.0 / (100 * 100 * 99.0);
        var result = MantelHaenszel.Compare(strata)!.Value;
        Assert.False(result.IsExact);
        Assert.Equal(NormalDistribution.TwoSided(excess / Math.Sqrt(variance)), result.PValue, 12);
    }

    [Fact]
    public void A_rate_that_fell_only_because_a_failing_stratum_ran_more_often_is_no_difference()
    {
        SuccessStratum[] strata = [new(500, 1000, 50, 100), new(100, 100, 1000, 1000)];
        Assert.True(MantelHaenszel.Compare(strata)!.Value.PValue > 0.9);
        Assert.Null(MantelHaenszel.Compare([new(0, 0, 5, 5)]));
        Assert.Equal(1, MantelHaenszel.Compare([new(5, 5, 5, 5)])!.Value.PValue);
    }

    [Fact]
    public void A_success_rate_of_huge_counts_with_few_failures_is_tested_in_an_instant()
    {
        var result = MantelHaenszel.Compare([new(999, 1_000, 99_999_500, 100_000_000)])!.Value;
        Assert.True(result.IsExact);

        // One failure where 0.005 are expected: Poisson, 1 − e^−0.00501.
        Assert.InRange(result.PValue, 0.0049, 0.0051);
    }

    private static double Choose(int n, int k) => k < 0 || k > n ? 0 : Enumerable.Range(1, k).Aggregate(1.0, (product, i) => product * (n - k + i) / i);

    private static IEnumerable<double> Spread(int count, double center) => Enumerable.Range(0, count).Select(i => center * (0.875 + 0.25 * i / Math.Max(1, count - 1)));

    private static DurationSketch Sketch(IEnumerable<double> values)
    {
        var sketch = new DurationSketch();
        foreach (double value in values)
        {
            sketch.Add(value);
        }

        return sketch;
    }
}
