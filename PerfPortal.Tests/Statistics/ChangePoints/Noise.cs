namespace PerfPortal.Tests.Statistics.ChangePoints;

/// <summary>Seeded series.</summary>
internal static class Noise
{
    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    public static double[] Independent(int seed, int count, Func<int, double> level, double deviation = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => level(i) + (deviation * Normal(random)))];
    }

    /// <summary>An autoregressive series of order 1 with unit innovations around 10.</summary>
    public static double[] Autoregressive(int seed, int count, double rho)
    {
        var random = new Random(seed);
        double value = Normal(random) / Math.Sqrt(1 - (rho * rho));
        double[] series = new double[count];
        for (int i = 0; i < count; i++)
        {
            value = (rho * value) + Normal(random);
            series[i] = 10 + value;
        }

        return series;
    }
}
