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

    /// <summary>Returns the periods that have not ended at a time, the earliest first.</summary>
    /// <param name="after">The time.</param>
    /// <param name="count">The number of periods.</param>
    /// <exception cref="TimeZoneNotFoundException">The time zone does not exist on this machine.</exception>
    public IEnumerable<MutedPeriod> Next(DateTimeOffset after, int count)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(TimeZone);
        var yesterday = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, zone).DateTime).AddDays(-1);

        // Each day of the week comes once in seven days, and the periods of the first two may have ended.
        return Enumerable.Range(0, (count * 7) + 2).Select(yesterday.AddDays).Where(date => Days.Contains(date.DayOfWeek))
            .Select(date => new MutedPeriod(At(zone, date.ToDateTime(From), isEnd: false), At(zone, date.AddDays(From < To ? 0 : 1).ToDateTime(To), isEnd: true)))
            .Where(period => period.To > after && period.To > period.From).Take(count);
    }

    private static DateTimeOffset At(TimeZoneInfo zone, DateTime local, bool isEnd)
    {
        if (zone.IsAmbiguousTime(local))
        {
            var offsets = zone.GetAmbiguousTimeOffsets(local);
            return new(local, isEnd ? offsets.Min() : offsets.Max());
        }

        while (zone.IsInvalidTime(local))
        {
            local = local.AddMinutes(1);
        }

        return new(local, zone.GetUtcOffset(local));
    }
}

/// <summary>A time in which alerts are muted.</summary>
/// <param name="From">When it begins.</param>
/// <param name="To">When it ends, exclusive.</param>
public readonly record struct MutedPeriod(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>How long it lasts.</summary>
    public TimeSpan Length => To - From;
}
