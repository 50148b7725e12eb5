using System.Globalization;
using PerfPortal.Domain.Alerts.Muting;

namespace PerfPortal.Server.Wire;

/// <summary>Mutes alerts: once, or again and again on a schedule.</summary>
/// <param name="Id">The id: 32 hex digits.</param>
/// <param name="Labels">The labels that an alert must have; empty for every alert.</param>
/// <param name="StartsAt">When it begins.</param>
/// <param name="EndsAt">When it ends; null for a schedule without an end.</param>
/// <param name="Schedule">The periods within these times; null for all of the time.</param>
/// <param name="Note">Why.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Active">Whether it mutes at present.</param>
/// <param name="EveryAlert">Whether it mutes every alert, because it names no labels.</param>
internal sealed record SilenceBody(
    string Id, IReadOnlyDictionary<string, string> Labels, DateTimeOffset StartsAt, DateTimeOffset? EndsAt, ScheduleBody? Schedule, string Note, string CreatedBy, DateTimeOffset CreatedAt, bool Active,
    bool EveryAlert)
{
    /// <summary>Converts a silence to its wire form.</summary>
    public static SilenceBody Of(Silence silence, DateTimeOffset now) => new(
        silence.Id, silence.Labels, silence.StartsAt, silence.EndsAt, silence.Schedule is { } schedule ? ScheduleBody.Of(schedule) : null, silence.Note, silence.CreatedBy, silence.CreatedAt,
        silence.IsActive(now), silence.Labels.Count == 0);
}

/// <summary>A daily period on certain days of the week, in local time. One that ends at or before its beginning extends into the next day.</summary>
/// <param name="Days">The days on which it begins: <c>mon</c> to <c>sun</c>.</param>
/// <param name="From">When it begins, HH:mm.</param>
/// <param name="To">When it ends, HH:mm, exclusive.</param>
/// <param name="TimeZone">The IANA name of the time zone.</param>
internal sealed record ScheduleBody(IReadOnlyList<string> Days, string From, string To, string TimeZone)
{
    /// <summary>The names of the days, Monday first.</summary>
    public static readonly string[] DayNames = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

    /// <summary>Converts a schedule to its wire form.</summary>
    public static ScheduleBody Of(WeeklySchedule schedule) => new(
        [.. DayNames.Where(name => schedule.Days.Contains(DayOf(name)))], schedule.From.ToString("HH:mm", CultureInfo.InvariantCulture),
        schedule.To.ToString("HH:mm", CultureInfo.InvariantCulture), schedule.TimeZone);

    /// <summary>Converts a validated body to a schedule.</summary>
    public WeeklySchedule ToSchedule() => new(
        [.. Days.Select(DayOf).Distinct()], TimeOnly.ParseExact(From, "HH:mm", CultureInfo.InvariantCulture), TimeOnly.ParseExact(To, "HH:mm", CultureInfo.InvariantCulture), TimeZone);

    private static DayOfWeek DayOf(string name) => (DayOfWeek)((Array.IndexOf(DayNames, name) + 1) % 7);
}
