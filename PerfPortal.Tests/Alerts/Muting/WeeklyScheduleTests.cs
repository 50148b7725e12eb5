using System.Globalization;
using PerfPortal.Domain.Alerts.Muting;
using Xunit;

namespace PerfPortal.Tests.Alerts.Muting;

public sealed class WeeklyScheduleTests
{
    // Berlin: UTC+1 in winter, UTC+2 in summer; 2026-03-29 02:00 becomes 03:00, and 2026-10-25 03:00 becomes 02:00.
    private static readonly WeeklySchedule Nights = new([DayOfWeek.Saturday], new(22, 0), new(6, 0), "Europe/Berlin");

    [Theory]
    [InlineData("2026-01-10T20:59:59Z", false)]
    [InlineData("2026-01-10T21:00:00Z", true)]
    [InlineData("2026-01-11T04:59:59Z", true)]
    [InlineData("2026-01-11T05:00:00Z", false)]
    [InlineData("2026-01-11T21:00:00Z", false)]
    public void A_period_over_midnight_belongs_to_the_day_on_which_it_begins(string at, bool isIncluded) => Check(Nights, at, isIncluded);

    [Theory]
    [InlineData("2026-03-28T21:00:00Z", true)]
    [InlineData("2026-03-29T03:59:59Z", true)]
    [InlineData("2026-03-29T04:00:00Z", false)]
    public void In_spring_it_still_ends_at_six_local_time_and_is_an_hour_shorter(string at, bool isIncluded) => Check(Nights, at, isIncluded);

    [Theory]
    [InlineData("2026-10-24T19:59:59Z", false)]
    [InlineData("2026-10-24T20:00:00Z", true)]
    [InlineData("2026-10-25T04:59:59Z", true)]
    [InlineData("2026-10-25T05:00:00Z", false)]
    public void In_autumn_it_still_ends_at_six_local_time_and_is_an_hour_longer(string at, bool isIncluded) => Check(Nights, at, isIncluded);

    [Theory]
    [InlineData("2026-03-29T00:59:59Z", false)]
    [InlineData("2026-03-29T01:00:00Z", true)]
    [InlineData("2026-03-29T01:29:59Z", true)]
    [InlineData("2026-03-29T01:30:00Z", false)]
    public void A_period_that_begins_in_the_skipped_hour_begins_at_the_change(string at, bool isIncluded) =>
        Check(new([DayOfWeek.Sunday], new(2, 30), new(3, 30), "Europe/Berlin"), at, isIncluded);

    [Theory]
    [InlineData("2026-10-25T00:10:00Z", true)]
    [InlineData("2026-10-25T00:40:00Z", false)]
    [InlineData("2026-10-25T01:10:00Z", true)]
    [InlineData("2026-10-25T01:40:00Z", false)]
    public void A_local_time_that_occurs_twice_is_included_both_times(string at, bool isIncluded) =>
        Check(new([DayOfWeek.Sunday], new(2, 0), new(2, 30), "Europe/Berlin"), at, isIncluded);

    [Fact]
    public void A_period_from_a_time_to_the_same_time_is_a_whole_day()
    {
        var day = new WeeklySchedule([DayOfWeek.Monday], new(9, 0), new(9, 0), "UTC");
        Check(day, "2026-01-05T08:59:59Z", false);
        Check(day, "2026-01-05T09:00:00Z", true);
        Check(day, "2026-01-06T08:59:59Z", true);
        Check(day, "2026-01-06T09:00:00Z", false);
    }

    [Theory]
    [InlineData("2026-03-28T12:00:00Z", "2026-03-28T21:00:00Z", "2026-03-29T04:00:00Z", 7)]
    [InlineData("2026-03-28T22:00:00Z", "2026-03-28T21:00:00Z", "2026-03-29T04:00:00Z", 7)]
    [InlineData("2026-03-29T04:00:00Z", "2026-04-04T20:00:00Z", "2026-04-05T04:00:00Z", 8)]
    [InlineData("2026-10-24T12:00:00Z", "2026-10-24T20:00:00Z", "2026-10-25T05:00:00Z", 9)]
    public void The_next_period_is_the_one_that_mutes(string after, string from, string to, int hours)
    {
        var next = Nights.Next(Time(after), 1).Single();
        Assert.Equal((Time(from), Time(to), TimeSpan.FromHours(hours)), (next.From, next.To, next.Length));
        Check(Nights, from, true);
        Assert.False(Nights.Includes(next.From.AddSeconds(-1)));
        Assert.True(Nights.Includes(next.To.AddSeconds(-1)));
        Assert.False(Nights.Includes(next.To));
    }

    [Theory]
    [InlineData(2, 30, 3, 30, "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z")]
    [InlineData(2, 0, 2, 30, "2026-03-29T00:00:00Z", "2026-04-05T00:00:00Z", "2026-04-05T00:30:00Z")]
    [InlineData(2, 0, 2, 30, "2026-10-24T00:00:00Z", "2026-10-25T00:00:00Z", "2026-10-25T01:30:00Z")]
    public void A_period_in_the_hour_of_the_change_begins_at_the_change_is_left_out_or_comes_twice(int fromHour, int fromMinute, int toHour, int toMinute, string after, string from, string to)
    {
        var next = new WeeklySchedule([DayOfWeek.Sunday], new(fromHour, fromMinute), new(toHour, toMinute), "Europe/Berlin").Next(Time(after), 1).Single();
        Assert.Equal((Time(from), Time(to)), (next.From, next.To));
    }

    [Fact]
    public void A_silence_states_its_periods_within_its_own_times()
    {
        var silence = new Silence
        {
            Id = "a",
            Labels = new Dictionary<string, string>(),
            Note = "x",
            CreatedBy = "ada",
            CreatedAt = Time("2026-01-01T00:00:00Z"),
            Schedule = Nights,
            StartsAt = Time("2026-01-10T23:00:00Z"),
            EndsAt = Time("2026-01-18T00:00:00Z"),
        };
        var periods = silence.Next(Time("2026-01-01T00:00:00Z"), 5).ToList();
        Assert.Equal([(Time("2026-01-10T23:00:00Z"), Time("2026-01-11T05:00:00Z")), (Time("2026-01-17T21:00:00Z"), Time("2026-01-18T00:00:00Z"))], periods.Select(period => (period.From, period.To)));
        Assert.Empty((silence with { Schedule = null }).Next(silence.StartsAt, 5));
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static void Check(WeeklySchedule schedule, string at, bool isIncluded) =>
        Assert.Equal(isIncluded, schedule.Includes(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture)));
}
