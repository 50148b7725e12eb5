using FsCheck.Xunit;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Statistics;

public sealed class SignificanceTests
{
    [Theory]
    [InlineData(0, 0.5)]
    [InlineData(1.96, 0.024997895148220435)]
    [InlineData(-1, 0.8413447460685429)]
    [InlineData(3, 1.3498980316300946e-3)]
    [InlineData(6, 9.865876450376981e-10)]
    [InlineData(10, 7.619853024160527e-24)]
    [InlineData(-10, 1)]
    public void The_normal_tail_is_that_of_the_tables(double z, double expected)
    {
        Assert.Equal(expected, NormalDistribution.UpperTail(z), expected * 1e-11);
    }

    [Property(MaxTest = 100)]
    public void The_rank_test_agrees_with_comparing_all_pairs(int seed)
    {
        var random = new Random(seed);
        var a = Sample(random, 1.0);
        var b = Sample(random, random.Next(3) + 0.5);
        double[] valuesA = Expand(a);
        double[] valuesB = Expand(b);
        double wins = valuesA.Sum(x => valuesB.Sum(y => x > y ? 1 : x == y ? 0.5 : 0));
        double n = valuesA.Length + valuesB.Length;
        double product = valuesA.Length * valuesB.Length;
        double ties = valuesA.Concat(valuesB).GroupBy(x => x).Sum(tie => Math.Pow(tie.Count(), 3) - tie.Count());
        double distance = wins - product / 2;
        double z = Math.Sign(distance) * Math.Max(0, Math.Abs(distance) - 0.5) / Math.Sqrt(product / 12 * (n + 1 - ties / (n * (n - 1))));
        var result = MannWhitney.Compare(a, b)!.Value;
        Assert.Equal(wins / product, result.Superiority, 1e-12);
        Assert.Equal(z, result.Z, 1e-9);
        Assert.Equal(-z, MannWhitney.Compare(b, a)!.Value.Z, 1e-9);
        Assert.Equal(2 * NormalDistribution.UpperTail(Math.Abs(z)), result.PValue, 1e-9);
    }

    [Fact]
    public void Equal_values_show_no_difference_and_few_say_nothing()
    {
        var same = new DurationSketch();
        same.Add(3, 50);
        Assert.Equal(new RankComparison(0, 1, 0.5), MannWhitney.Compare(same, same));
        var few = new DurationSketch();
        few.Add(3, 7);
        Assert.Null(MannWhitney.Compare(same, few));
        Assert.Null(MannWhitney.Compare(few, same));
    }

    [Theory]
    [InlineData(3, 4, 1, 4, 0.4857142857142857)]
    [InlineData(0, 5, 5, 5, 0.0079365079365)]
    [InlineData(2, 3, 999_000, 1_000_000, 0.0029970)]
    public void Small_tables_are_tested_exactly(long successA, long nA, long successB, long nB, double expected)
    {
        foreach (var result in new[] { ProportionTest.Compare(successA, nA, successB, nB), ProportionTest.Compare(successB, nB, successA, nA) })
        {
            Assert.True(result!.Value.IsExact);
            Assert.Equal(expected, result.Value.PValue, expected * 1e-3);
        }
    }

    [Fact]
    public void Fisher_agrees_with_enumerating_all_draws()
    {
        Assert.Equal(0.0027594561852, ProportionTest.Fisher(1, 10, 11, 14), 1e-12);
        for (int nA = 1; nA < 8; nA++)
        {
            for (int successA = 0; successA <= nA; successA++)
            {
                for (int successB = 0; successB <= 6; successB++)
                {
                    double seen = Ways(nA, successA) * Ways(6, successB);
                    int all = successA + successB;
                    double hit = 0;
                    double total = 0;
                    for (int k = Math.Max(0, all - 6); k <= Math.Min(nA, all); k++)
                    {
                        double ways = Ways(nA, k) * Ways(6, all - k);
                        total += ways;
                        hit += ways <= seen ? ways : 0;
                    }

                    Assert.Equal(hit / total, ProportionTest.Fisher(successA, nA, successB, 6), 1e-9);
                }
            }
        }
    }

    [Fact]
    public void Large_tables_are_tested_by_the_normal_distribution()
    {
        var result = ProportionTest.Compare(60, 100, 40, 100)!.Value;
        Assert.Equal((0.6, 0.4, false), (result.ShareA, result.ShareB, result.IsExact));
        Assert.Equal(0.004677735, result.PValue, 1e-8);
        Assert.Equal(1, ProportionTest.Compare(100, 100, 500, 500)!.Value.PValue);
        Assert.Null(ProportionTest.Compare(0, 0, 5, 9));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProportionTest.Compare(3, 2, 5, 9));
    }

    private static double Ways(int n, int k) => k == 0 ? 1 : Ways(n, k - 1) * (n - k + 1) / k;

    private static double[] Expand(DurationSketch sketch) =>
        [.. sketch.Buckets().SelectMany(bucket => Enumerable.Repeat(bucket.Value, (int)bucket.Count))];

    private static DurationSketch Sample(Random random, double scale)
    {
        var sketch = new DurationSketch();
        int count = random.Next(8, 120);
        for (int i = 0; i < count; i++)
        {
            sketch.Add(scale * random.Next(0, 12) / 4.0);
        }

        return sketch;
    }
}
