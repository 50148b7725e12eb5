namespace PerfPortal.Domain.Alerts.Muting;

/// <summary>A daily period on certain days of the week, in the local time of a time zone. A period that ends at or before its beginning extends into the next day.</summary>
/// <remarks>
/// Local times decide: a period from 22:00 to 06:00 ends at 06:00 local time on the days on which the clock changes too. A local time that is skipped counts from the moment of the
/// change; one that occurs twice is included both times.
/// </remarks>
/// <param name="Days">The days on which it begins; at least one.</param>
/// <param name="From">When it begins, local time.</param>
/// <param name="To">When it ends, local time, exclusive.</param>
/// <param name="TimeZone">The IANA name of the time zone.</param>
public sealed record WeeklySchedule(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly To, string TimeZone)
{
    /// <summary>Whether the schedule includes a time.</summary>
    /// <exception cref="TimeZoneNotFoundException">The time zone does not exist on this machine.</exception>
    public bool Includes(DateTimeOffset at)
    {
        var local = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(TimeZone)).DateTime;
        var time = TimeOnly.FromDateTime(local);
        return From < To
            ? Days.Contains(local.DayOfWeek) && time >= From && time < To
            : (Days.Contains(local.DayOfWeek) && time >= From) || (Days.Contains(local.AddDays(-1).DayOfWeek) && time < To);
    }
}
