using PerfPortal.Domain.Statistics;
using PerfPortal.Server.Pages.Compare;
using Xunit;

namespace PerfPortal.Tests.Pages.Compare;

public sealed class BasePeriodTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeRange Hour = new(Noon.AddHours(-1), Noon);

    [Fact]
    public void Without_ends_it_is_the_period_before()
    {
        Assert.True(BasePeriod.TryRead(null, null, null, Hour, Noon, out var period, out _));
        Assert.Equal(new(Noon.AddHours(-2), Noon.AddHours(-1)), period);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_quick_choices_mean_the_same_hours_of_another_day(bool endsNow)
    {
        var read = BasePeriod.Choices(Hour, endsNow).Select(choice =>
        {
            Assert.True(BasePeriod.TryRead(choice.From, choice.To, null, Hour, Noon, out var period, out _));
            return period.From;
        });
        Assert.Equal([Noon.AddHours(-2), Noon.AddHours(-25), Noon.AddHours(-1 - (7 * 24))], read);
    }

    [Fact]
    public void What_cannot_be_read_is_said_and_the_period_before_stands_in()
    {
        Assert.False(BasePeriod.TryRead("yesterday", null, null, Hour, Noon, out var period, out string? error));
        Assert.Equal(Hour.Previous, period);
        Assert.NotNull(error);
    }
}
