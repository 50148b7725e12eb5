using System.Globalization;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Controls;

/// <summary>The precision of a formatted time.</summary>
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

    /// <summary>14:02:11, for use where the day is clear from the context.</summary>
    TimeOfDay,
}

/// <summary>Formats times for the user: in the browser's time zone, or in UTC if selected.</summary>
public sealed class BrowserClock
{
    private TimeZoneInfo _browser = TimeZoneInfo.Utc;

    /// <summary>Raised after the time zone or the UTC setting has changed.</summary>
    public event Action? Changed;

    /// <summary>The IANA name of the browser's time zone; null until it is known.</summary>
    public string? ZoneId { get; private set; }

    /// <summary>Whether times are formatted in UTC.</summary>
    public bool IsUtc { get; private set; }

    /// <summary>The time zone used for formatting.</summary>
    public TimeZoneInfo Zone => IsUtc ? TimeZoneInfo.Utc : _browser;

    /// <summary>The culture of the browser's language, for the order of typed dates.</summary>
    public CultureInfo Culture { get; private set; } = CultureInfo.InvariantCulture;

    /// <summary>Sets the browser's time zone and language; an unknown zone falls back to UTC, an unknown language to the invariant culture.</summary>
    public void Start(string? zoneId, bool utc, string? language = null)
    {
        Culture = CultureOf(language) ?? Culture;
        bool changed = zoneId != ZoneId || utc != IsUtc;
        ZoneId = zoneId;
        IsUtc = utc;
        _browser = zoneId is { Length: > 0 and < 64 } && TimeZoneInfo.TryFindSystemTimeZoneById(zoneId, out var found) ? found : TimeZoneInfo.Utc;
        if (changed)
        {
            Changed?.Invoke();
        }
    }

    /// <summary>Switches between UTC and the browser's time zone.</summary>
    public void UseUtc(bool utc) => Start(ZoneId, utc);

    private static CultureInfo? CultureOf(string? language)
    {
        try
        {
            return language is { Length: > 0 and <= 35 } ? CultureInfo.GetCultureInfo(language, predefinedOnly: true) : null;
        }
        catch (CultureNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Converts a time to the user's time zone.</summary>
    public DateTimeOffset ToZone(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, Zone);

    /// <summary>Converts a wall-clock time in the user's time zone to UTC. A time skipped by the change to daylight saving time moves forward.</summary>
    public DateTimeOffset FromZone(DateTime wall)
    {
        var unspecified = DateTime.SpecifyKind(wall, DateTimeKind.Unspecified);
        return new DateTimeOffset(unspecified, Zone.GetUtcOffset(unspecified)).ToUniversalTime();
    }

    /// <summary>Formats a time without its time zone.</summary>
    public string Format(DateTimeOffset moment, TimePrecision precision = TimePrecision.Second) => ToZone(moment).ToString(precision switch
    {
        TimePrecision.Day => "yyyy-MM-dd",
        TimePrecision.Minute => "yyyy-MM-dd HH:mm",
        TimePrecision.Millisecond => "yyyy-MM-dd HH:mm:ss.fff",
        TimePrecision.TimeOfDay => "HH:mm:ss",
        _ => "yyyy-MM-dd HH:mm:ss",
    }, CultureInfo.InvariantCulture);

    /// <summary>A sentence with its points in time in the user's time zone, as the page around it shows them.</summary>
    public string Localize(string sentence) => IsUtc ? sentence : Moments.Replace(sentence, at => Format(at, TimePrecision.Minute));

    /// <summary>Formats a time with its UTC offset, for a tooltip: <c>2026-01-31 14:02:11 UTC+01:00</c>.</summary>
    public string Exact(DateTimeOffset moment)
    {
        var offset = ToZone(moment).Offset;
        string zone = offset == TimeSpan.Zero ? "UTC" : string.Create(CultureInfo.InvariantCulture, $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset:hh\\:mm}");
        return $"{Format(moment)} {zone}";
    }
}
