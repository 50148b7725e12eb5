using Microsoft.Extensions.Time.Testing;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using Xunit;

namespace PerfPortal.Tests.Journal;

public sealed class RetentionHorizonsTests
{
    [Fact]
    public void Each_type_has_its_own_reach_and_rollups_never_reach_less_far_than_rows()
    {
        var horizons = new RetentionHorizons(
            new FakeTimeProvider(MemoryJournal.Start), new(type => type == MetricType.HealthCheck ? 500 : 10, 20, 40, 30));
        Assert.Equal(MemoryJournal.Start.AddHours(-500).AddSeconds(-30), horizons.Oldest(MetricType.HealthCheck));
        Assert.Equal(MemoryJournal.Start.AddHours(-10).AddSeconds(-30), horizons.OldestRow);
        Assert.True(horizons.OldestMinute <= horizons.Oldest(MetricType.HealthCheck) && horizons.OldestHour <= horizons.OldestMinute);
        Assert.Equal(0, horizons.OldestMinute.Ticks % TimeSpan.TicksPerHour);
    }

    [Theory]
    [InlineData(1971)]
    [InlineData(9999)]
    public void A_huge_retention_reaches_to_the_earliest_time_and_no_clock_breaks_it(int year)
    {
        var horizons = new RetentionHorizons(new FakeTimeProvider(new(year, 12, 31, 23, 59, 59, TimeSpan.Zero)), new(_ => 1_000_000, 1_000_000, 1, 1));
        var earliest = year == 1971 ? OperationLimits.Earliest : new DateTimeOffset(year - 115, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.All(new[] { horizons.OldestRow, horizons.OldestMinute, horizons.OldestHour, horizons.OldestSample }, time => Assert.True(time >= earliest));
        Assert.True(year != 1971 || horizons.OldestHour == OperationLimits.Earliest);
    }
}
