using PerfPortal.Domain.Statistics.Anomalies;
using Xunit;

namespace PerfPortal.Tests.Statistics.Anomalies;

public sealed class JointDetectorTests
{
    private static readonly double[] Floors = [0.1, 0.1, 0.1];

    [Fact]
    public void A_broken_relation_between_two_metrics_is_found_although_each_is_usual()
    {
        var random = new Random(1);
        var detector = new JointDetector(Rows(random, 2000), Floors);
        double usual = detector.Add([1.5, 1.5, 0]).Score;
        var broken = detector.Add([1.5, -1.5, 0]);
        Assert.True(broken.Score > usual + 0.2, $"{broken.Score} after {usual}");
        Assert.True(broken.Shares[2] < 0.05);
        Assert.Equal(1, broken.Shares.Sum(), 1e-9);
    }

    [Fact]
    public void The_metric_that_is_off_has_the_largest_share()
    {
        var detector = new JointDetector(Rows(new Random(2), 2000), Floors);
        var score = detector.Add([0, 0, 12]);
        Assert.True(score.Shares[2] > 0.9);
        Assert.True(score.Score > 0.6);
    }

    [Fact]
    public void Constant_and_unmeasured_metrics_are_no_problem()
    {
        var detector = new JointDetector([.. Enumerable.Repeat(new double[] { 5, double.NaN, 0 }, 200)], Floors);
        Assert.Equal(0, detector.Add([5, 7, 0]).Shares.Sum(), 1e-9);
        Assert.InRange(detector.Add([double.NaN, double.NaN, double.NaN]).Score, 0, 0.5);
        Assert.InRange(detector.Add([double.PositiveInfinity, 1e300, -1e300]).Score, 0, 1);
    }

    [Fact]
    public void Too_few_rows_and_rows_of_another_length_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new JointDetector(Rows(new Random(3), 99), Floors));
        Assert.Throws<ArgumentException>(() => new JointDetector([.. Enumerable.Repeat(new double[2], 200)], Floors));
        Assert.Throws<ArgumentException>(() => new JointDetector(Rows(new Random(3), 200), Floors).Add([1, 2]));
    }

    [Fact]
    public void A_system_of_equations_is_solved()
    {
        double[,] matrix = { { 4, 1, 0.5 }, { 1, 3, 0.2 }, { 0.5, 0.2, 2 } };
        double[] solved = [1, 2, 3];
        new CholeskyFactor(matrix).Solve(solved);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(i + 1, Enumerable.Range(0, 3).Sum(j => matrix[i, j] * solved[j]), 1e-12);
        }
    }

    /// <summary>The first two metrics move together, the third on its own.</summary>
    private static List<double[]> Rows(Random random, int count) =>
    [
        .. Enumerable.Range(0, count).Select(_ =>
        {
            double common = Normal(random);
            return new[] { common + (0.1 * Normal(random)), common + (0.1 * Normal(random)), Normal(random) };
        }),
    ];

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
