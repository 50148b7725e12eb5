using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace PerfPortal.Domain.Statistics;

/// <summary>A unit of time arithmetic. Units up to the hour have a fixed length; from the day on they are calendar steps.</summary>
internal enum CalendarUnit
{
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// <summary>
/// Calendar arithmetic in one time zone. A local time skipped by a clock change moves past the gap; an ambiguous local time
/// keeps its original offset if possible, otherwise resolves to the first occurrence.
/// </summary>
internal sealed class ZonedCalendar(TimeZoneInfo zone)
{
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");

    public static ZonedCalendar Utc { get; } = new(TimeZoneInfo.Utc);

    /// <summary>Finds a time zone by its IANA name. The name becomes part of a file path, so only the characters of such names are accepted.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out ZonedCalendar? calendar)
    {
        var known = name.Length is > 0 and <= 64
            && name[0] != '/'
            && !name.AsSpan().ContainsAnyExcept(NameCharacters)
            && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var found)
            ? found
            : null;
        calendar = known is null ? null : new ZonedCalendar(known);
        return calendar is not null;
    }

    /// <exception cref="ArgumentOutOfRangeException">The result is outside the years 1 to 9999.</exception>
    public DateTimeOffset Add(DateTimeOffset time, int amount, CalendarUnit unit)
    {
        switch (unit)
        {
            case CalendarUnit.Second:
                return time.AddSeconds(amount);
            case CalendarUnit.Minute:
                return time.AddMinutes(amount);
            case CalendarUnit.Hour:
                return time.AddHours(amount);
        }

        var local = TimeZoneInfo.ConvertTime(time, zone);
        var moved = unit switch
        {
            CalendarUnit.Day => local.DateTime.AddDays(amount),
            CalendarUnit.Week => local.DateTime.AddDays(7.0 * amount),
            CalendarUnit.Month => local.DateTime.AddMonths(amount),
            _ => local.DateTime.AddYears(amount),
        };
        return Resolve(moved, local.Offset);
    }

    /// <summary>Rounds down to the start of the unit; weeks start on Monday (ISO 8601).</summary>
    public DateTimeOffset Floor(DateTimeOffset time, CalendarUnit unit)
    {
        var local = TimeZoneInfo.ConvertTime(time, zone);
        var date = local.Date;
        return unit switch
        {
            CalendarUnit.Second => time.AddTicks(-(local.Ticks % TimeSpan.TicksPerSecond)),
            CalendarUnit.Minute => time.AddTicks(-(local.Ticks % TimeSpan.TicksPerMinute)),
            CalendarUnit.Hour => time.AddTicks(-(local.Ticks % TimeSpan.TicksPerHour)),
            CalendarUnit.Day => Resolve(date, null),
            CalendarUnit.Week => Resolve(date.AddDays(-(((int)date.DayOfWeek + 6) % 7)), null),
            CalendarUnit.Month => Resolve(new DateTime(date.Year, date.Month, 1), null),
            _ => Resolve(new DateTime(date.Year, 1, 1), null),
        };
    }

    private DateTimeOffset Resolve(DateTime local, TimeSpan? preferred)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        if (zone.IsAmbiguousTime(local))
        {
            var offsets = zone.GetAmbiguousTimeOffsets(local);
            return At(local, preferred is { } wished && offsets.Contains(wished) ? wished : offsets.Max());
        }

        // Applying the offset from before the gap moves a skipped time past the gap by the same amount.
        var probe = local;
        while (zone.IsInvalidTime(probe))
        {
            probe = probe.AddHours(-1);
        }

        return At(local, zone.GetUtcOffset(probe));
    }

    private static DateTimeOffset At(DateTime local, TimeSpan offset) => new(DateTime.SpecifyKind(local - offset, DateTimeKind.Utc));
}
