using System.Globalization;

namespace PerfPortal.Server.Controls;

/// <summary>How much of a time is written.</summary>
public enum TimePrecision
{
    /// <summary>2026-01-31.</summary>
    Day,

    /// <summary>2026-01-31 14:02.</summary>
    Minute,

    /// <summary>2026-01-31 14:02:11.</summary>
    Second,

    /// <summary>2026-01-31 14:02:11.250.</summary>
    Millisecond,

    /// <summary>14:02:11, where the day goes without saying.</summary>
    TimeOfDay,
}

/// <summary>Writes times for the reader: in the browser's zone, or in UTC when that is chosen.</summary>
public sealed class BrowserClock
{
    private TimeZoneInfo _browser = TimeZoneInfo.Utc;

    /// <summary>Raised after the zone or the choice changed.</summary>
    public event Action? Changed;

    /// <summary>The browser's zone by its IANA name, once it is known.</summary>
    public string? ZoneId { get; private set; }

    /// <summary>Times are written in UTC.</summary>
    public bool IsUtc { get; private set; }

    /// <summary>The zone in which times are written.</summary>
    public TimeZoneInfo Zone => IsUtc ? TimeZoneInfo.Utc : _browser;

    /// <summary>Takes the browser's zone; an unknown one counts as UTC.</summary>
    public void Start(string? zoneId, bool utc)
    {
        bool changed = zoneId != ZoneId || utc != IsUtc;
        ZoneId = zoneId;
        IsUtc = utc;
        _browser = zoneId is { Length: > 0 and < 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(zoneId, out var found) ? found : TimeZoneInfo.Utc;
        if (changed)
        {
            Changed?.Invoke();
        }
    }

    /// <summary>Chooses UTC, or the browser's zone.</summary>
    public void UseUtc(bool utc) => Start(ZoneId, utc);

    /// <summary>The moment in the reader's zone.</summary>
    public DateTimeOffset ToZone(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, Zone);

    /// <summary>Reads a wall-clock time of the reader's zone; a time that the change to summer time skips moves forward with it.</summary>
    public DateTimeOffset FromZone(DateTime wall)
    {
        var unspecified = DateTime.SpecifyKind(wall, DateTimeKind.Unspecified);
        return new DateTimeOffset(unspecified, Zone.GetUtcOffset(unspecified)).ToUniversalTime();
    }

    /// <summary>Writes a moment, without naming the zone.</summary>
    public string Format(DateTimeOffset moment, TimePrecision precision = TimePrecision.Second) => ToZone(moment).ToString(precision switch
    {
        TimePrecision.Day => "yyyy-MM-dd",
        TimePrecision.Minute => "yyyy-MM-dd HH:mm",
        TimePrecision.Millisecond => "yyyy-MM-dd HH:mm:ss.fff",
        TimePrecision.TimeOfDay => "HH:mm:ss",
        _ => "yyyy-MM-dd HH:mm:ss",
    }, CultureInfo.InvariantCulture);

    /// <summary>The moment with its zone, for a tooltip: <c>2026-01-31 14:02:11 UTC+01:00</c>.</summary>
    public string Exact(DateTimeOffset moment)
    {
        var offset = ToZone(moment).Offset;
        string zone = offset == TimeSpan.Zero ? "UTC" : string.Create(CultureInfo.InvariantCulture, $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}");
        return $"{Format(moment)} {zone}";
    }
}
