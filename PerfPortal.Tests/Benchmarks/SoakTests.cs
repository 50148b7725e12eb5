using PerfPortal.Benchmarks.Soak;
using Xunit;

namespace PerfPortal.Tests.Benchmarks;

public sealed class SoakTests
{
    [Fact]
    public void A_figure_that_rises_has_grown() => Assert.InRange(SoakGrowth.Of(Points(i => 100 + i), point => point.MemoryMb), 1.4, 2);

    [Fact]
    public void Noise_is_no_growth() => Assert.Equal(1, SoakGrowth.Of(Points(i => i % 2 == 0 ? 100 : 110 + (i % 3)), point => point.MemoryMb));

    [Fact]
    public void What_happens_while_it_warms_up_does_not_count() => Assert.Equal(1, SoakGrowth.Of(Points(i => i < 20 ? i : 100), point => point.MemoryMb));

    [Fact]
    public void Few_points_tell_nothing() => Assert.True(double.IsNaN(SoakGrowth.Of([.. Points(i => i).Take(7)], point => point.MemoryMb)));

    [Fact]
    public void Latencies_are_taken_once()
    {
        var tally = new SoakTally();
        foreach (int milliseconds in Enumerable.Range(1, 100))
        {
            tally.Acknowledge(10, milliseconds);
        }

        tally.Answered(3);
        var (ingest, queries) = tally.Take();
        Assert.Equal(new Latencies(50, 99), ingest);
        Assert.Equal(new Latencies(3, 3), queries);
        Assert.True(double.IsNaN(tally.Take().Ingest.P50));
        Assert.Equal(1000, tally.Acknowledged);
    }

    private static List<SoakPoint> Points(Func<int, double> memory) =>
        [.. Enumerable.Range(0, 100).Select(i => new SoakPoint(TimeSpan.FromSeconds(5 * i), memory(i), 100, 20, default, default))];
}
