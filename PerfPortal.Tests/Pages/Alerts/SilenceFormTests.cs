using PerfPortal.Server.Controls;
using PerfPortal.Server.Pages.Alerts;
using Xunit;

namespace PerfPortal.Tests.Pages.Alerts;

public sealed class SilenceFormTests
{
    private static readonly DateTimeOffset Now = PortalContext.Noon;

    [Theory]
    [InlineData("1h", "2026-03-04T13:00:00Z")]
    [InlineData("4h", "2026-03-04T16:00:00Z")]
    [InlineData("tomorrow", "2026-03-05T08:00:00Z")]
    [InlineData("own", "2026-03-04T17:30:00Z")]
    public void The_end_is_meant_in_the_time_zone_of_the_browser(string until, string end)
    {
        var form = new SilenceForm { Until = until, End = "2026-03-04T18:30", Note = "Upgrade" };
        Assert.Equal(DateTimeOffset.Parse(end, System.Globalization.CultureInfo.InvariantCulture), form.Build(Berlin(), Now)?.EndsAt);
    }

    [Fact]
    public void A_weekly_one_has_days_times_and_a_zone_and_needs_no_end()
    {
        var form = new SilenceForm { IsWeekly = true, Note = "Nights", Zone = "Europe/Berlin" };
        form.Days.Remove("sat");
        var silence = form.Build(Berlin(), Now)!.ToSilence("ada", Now);
        Assert.Null(silence.EndsAt);
        Assert.Equal((6, new TimeOnly(22, 0), new TimeOnly(6, 0), "Europe/Berlin"), (silence.Schedule!.Days.Count, silence.Schedule.From, silence.Schedule.To, silence.Schedule.TimeZone));
    }

    [Fact]
    public void Mistakes_are_told_beside_their_field_in_the_words_of_the_form()
    {
        var form = new SilenceForm { Until = "own" };
        Assert.Null(form.Build(Berlin(), Now));
        Assert.Equal(("Enter the date and time of the end.", "Say why, in 1 to 1,000 characters."), (form.Error("/ends_at"), form.Error("/note")));
        (form.End, form.Note) = ("2026-03-04T12:00", "x");
        Assert.Null(form.Build(Berlin(), Now));
        Assert.Equal("The end must be in the future.", form.Error("/ends_at"));

        var weekly = new SilenceForm { IsWeekly = true, Note = "x", Zone = "Mars/Olympus", From = "" };
        weekly.Days.Clear();
        Assert.Null(weekly.Build(Berlin(), Now));
        Assert.Equal("Choose at least one day.", weekly.Error("/schedule/days"));
        Assert.Equal("Enter a time such as 22:00.", weekly.Error("/schedule/from"));
        Assert.StartsWith("Choose a known time zone", weekly.Error("/schedule/time_zone"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_weekly_one_states_when_it_comes_next_and_when_the_clock_changes()
    {
        var form = new SilenceForm { IsWeekly = true, Zone = "Europe/Berlin" };
        Assert.Equal(
            ["Next times, Europe/Berlin:", "Wed 2026-03-04 22:00 to Thu 06:00, 8 h", "Thu 2026-03-05 22:00 to Fri 06:00, 8 h", "Fri 2026-03-06 22:00 to Sat 06:00, 8 h", "Sat 2026-03-28 22:00 to Sun 06:00, 7 h (the clock changes)"],
            ScheduleWords.Upcoming(form.ToSchedule()!, Now));
        form.Zone = "Mars/Olympus";
        Assert.Null(form.ToSchedule());
        (form.Zone, form.From) = ("UTC", "25:00");
        Assert.Null(form.ToSchedule());
    }

    private static BrowserClock Berlin()
    {
        var clock = new BrowserClock();
        clock.Start("Europe/Berlin", utc: false);
        return clock;
    }
}
