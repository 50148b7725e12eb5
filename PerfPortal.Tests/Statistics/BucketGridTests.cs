using FsCheck;
using FsCheck.Xunit;
using PerfPortal.Domain.Statistics;
using Xunit;

namespace PerfPortal.Tests.Statistics;

public sealed class BucketGridTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 30, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 300, 1)]
    [InlineData(3600, 61, 60)]
    [InlineData(3600, 60, 120)]
    [InlineData(86400, 300, 300)]
    [InlineData(86400 * 7, 300, 3600)]
    [InlineData(86400 * 365, 20, 604800 * 4)]
    public void The_step_is_the_smallest_round_one(int seconds, int max, int step)
    {
        var grid = BucketGrid.Over(new TimeRange(Start, Start.AddSeconds(seconds)), max, TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromSeconds(step), grid.Step);
    }

    [Property(MaxTest = 500)]
    public void The_grid_covers_the_range_and_nothing_twice(PositiveInt seconds, PositiveInt max, NonNegativeInt offset)
    {
        var from = Start.AddSeconds(offset.Get);
        var range = new TimeRange(from, from.AddSeconds(seconds.Get * 977L));
        int limit = max.Get % 400 + 1;
        var grid = BucketGrid.Over(range, limit, TimeSpan.FromMinutes(1));
        Assert.InRange(grid.Count, 1, limit);
        Assert.True(grid.Step >= TimeSpan.FromMinutes(1));
        Assert.True(grid.Start(0) <= range.From && grid.Start(1) > range.From);
        Assert.True(grid.Start(grid.Count) >= range.To && grid.Start(grid.Count - 1) < range.To);
        for (int i = 0; i < grid.Count; i++)
        {
            Assert.Equal(i, grid.IndexOf(grid.Start(i)));
            Assert.Equal(i, grid.IndexOf(grid.Start(i + 1).AddTicks(-1)));
            Assert.Equal(0, grid.Start(i).UtcTicks % grid.Step.Ticks);
        }

        Assert.Equal(-1, grid.IndexOf(grid.Start(0).AddTicks(-1)));
        Assert.Equal(-1, grid.IndexOf(grid.Start(grid.Count)));
    }

    [Fact]
    public void Weeks_begin_on_Monday_and_one_step_holds_everything()
    {
        var century = BucketGrid.Over(new TimeRange(Start, Start.AddYears(150)), 1, TimeSpan.Zero);
        Assert.Equal(1, century.Count);
        var weeks = BucketGrid.Over(new TimeRange(Start, Start.AddDays(100)), 16, TimeSpan.Zero);
        Assert.Equal(TimeSpan.FromDays(7), weeks.Step);
        Assert.Equal(DayOfWeek.Monday, weeks.Start(0).DayOfWeek);
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        var range = new TimeRange(Start, Start.AddHours(1));
        Assert.Throws<ArgumentException>(() => BucketGrid.Over(new TimeRange(Start, Start), 5, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => BucketGrid.Over(range, 0, TimeSpan.Zero));
        Assert.Throws<ArgumentOutOfRangeException>(() => BucketGrid.Over(range, 60, TimeSpan.Zero).Start(-1));
    }
}
