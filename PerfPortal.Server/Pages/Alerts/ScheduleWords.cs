using System.Globalization;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Muting;

namespace PerfPortal.Server.Pages.Alerts;

/// <summary>When quiet hours and maintenance windows come next, in words. Times are those of their own time zone.</summary>
internal static class ScheduleWords
{
    private const int Shown = 3;
    private const int Year = 366;

    /// <summary>The next periods, and the next one that is longer or shorter because the clock changes; a line each.</summary>
    public static IReadOnlyList<string> Upcoming(WeeklySchedule schedule, DateTimeOffset now)
    {
        var year = schedule.Next(now, Year).TakeWhile(period => period.From < now.AddDays(Year)).ToList();
        var lines = new List<string> { $"Next times, {schedule.TimeZone}:" };
        lines.AddRange(year.Take(Shown).Select(period => Of(period, schedule)));
        int changed = year.FindIndex(period => ChangesClock(period, schedule));
        if (changed >= Shown)
        {
            lines.Add(Of(year[changed], schedule));
        }

        return lines;
    }

    /// <summary>A period, such as <c>Sat 2026-03-28 22:00 to Sun 06:00, 7 h (the clock changes)</c>.</summary>
    public static string Of(MutedPeriod period, WeeklySchedule schedule)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone);
        var from = TimeZoneInfo.ConvertTime(period.From, zone);
        var to = TimeZoneInfo.ConvertTime(period.To, zone);
        string end = to.ToString(from.Date == to.Date ? "HH:mm" : from.AddDays(6) > to ? "ddd HH:mm" : "ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return $"{from.ToString("ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} to {end}, {AlertTimes.Lasted(period.Length)}{(ChangesClock(period, schedule) ? " (the clock changes)" : "")}";
    }

    private static bool ChangesClock(MutedPeriod period, WeeklySchedule schedule)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone);
        return zone.GetUtcOffset(period.From) != zone.GetUtcOffset(period.To);
    }
}
