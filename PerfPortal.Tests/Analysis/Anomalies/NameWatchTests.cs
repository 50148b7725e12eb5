using PerfPortal.Domain.Analysis.Anomalies;
using PerfPortal.Domain.Analysis.Series;
using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Operations;
using Xunit;

namespace PerfPortal.Tests.Analysis.Anomalies;

public sealed class NameWatchTests
{
    private const int Day = SeriesWatch.PerDay;
    private const int At = 7 * Day;
    private static readonly long First = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero).UtcTicks / SeriesWatch.Step.Ticks;

    [Fact]
    public void A_disk_that_makes_operations_three_times_slower_is_found_within_two_hours()
    {
        var found = Feed(At + 24, (t, p50) => t >= At ? 3 * p50 : p50);
        Assert.NotNull(found);
        Assert.Equal(new FindingSubject(null, MetricType.ModelOperation, "load", FindingMeasures.Duration), found.Subject);
        Assert.InRange(found.Since, TimeOf(At), TimeOf(At + 6));
        Assert.InRange(found.Size, 3.5, 4.5);
        Assert.Equal("s", found.Unit);
        Assert.True(found.Impact > 100);
        Assert.StartsWith("The median duration of load has been at ", found.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_that_slows_down_each_evening_is_nothing() =>
        Assert.Null(Feed(At + Day, (t, p50) => t % Day is >= 228 and < 264 ? 3 * p50 : p50));

    [Fact]
    public void A_burst_of_operations_that_take_as_long_as_ever_is_nothing() => Assert.Null(Feed(At + 24, (_, p50) => p50, t => t >= At ? 500 : 6));

    [Fact]
    public void One_slow_step_is_nothing() => Assert.Null(Feed(At + 24, (t, p50) => t == At ? 50 * p50 : p50));

    [Fact]
    public void Two_operations_in_five_minutes_are_too_few() => Assert.Null(Feed(At + 24, (t, p50) => t >= At ? 10 * p50 : p50, _ => 2));

    [Fact]
    public void A_faster_name_is_no_problem() => Assert.Null(Feed(At + 24, (t, p50) => t >= At ? p50 / 5 : p50));

    private static FindingObservation? Feed(int steps, Func<int, double, double> change, Func<int, int>? count = null)
    {
        var random = new Random(11);
        var watch = new NameWatch(MetricType.ModelOperation, "load", 0);
        for (int t = 0; t < steps; t++)
        {
            double p50 = change(t, 2 * Math.Exp(0.2 * (random.NextDouble() - 0.5)));
            watch.Add(First + t, new(count?.Invoke(t) ?? 6, 0, p50, p50, p50));
        }

        return watch.Observe(0);
    }

    private static DateTimeOffset TimeOf(long index) => new((First + index) * SeriesWatch.Step.Ticks, TimeSpan.Zero);
}
