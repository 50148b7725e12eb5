using System.Globalization;

namespace PerfPortal.Server.Components.Layout;

/// <summary>A time range as it stands in the address: raw text, so that a relative range stays relative.</summary>
/// <param name="From">RFC 3339, Unix milliseconds or relative (<c>now-6h</c>).</param>
/// <param name="To">As <paramref name="From"/>; <see langword="null"/> means now.</param>
/// <param name="Window">The length of a range that ends now (<c>15m</c>, <c>24h</c>); not used beside <paramref name="From"/>.</param>
/// <param name="TimeZone">An IANA zone for <c>now/d</c>; <see langword="null"/> means UTC.</param>
public sealed record RangeText(string? From = null, string? To = null, string? Window = null, string? TimeZone = null)
{
    /// <summary>Nothing is said.</summary>
    public bool IsEmpty => From is null && To is null && Window is null;

    /// <summary>The range ends now and moves with it.</summary>
    public bool EndsNow => To is null or "now" && !IsEmpty;
}

/// <summary>A range read at one moment: ends from <paramref name="From"/> up to, not including, <paramref name="To"/>.</summary>
public readonly record struct PageRange(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>How long the range is.</summary>
    public TimeSpan Width => To - From;
}

/// <summary>Reads the text of a range at the moment <paramref name="now"/>; <paramref name="error"/> is a sentence for a person.</summary>
public delegate bool RangeReader(RangeText text, DateTimeOffset now, out PageRange range, out string? error);

/// <summary>The one place where the pages turn the text of a range into two moments.</summary>
public static class RangeReading
{
    /// <summary>The window of a page that says nothing.</summary>
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromHours(1);

    /// <summary>Reads windows, <c>now-6h</c>, Unix milliseconds and RFC 3339.</summary>
    public static bool Read(RangeText text, DateTimeOffset now, out PageRange range, out string? error)
    {
        range = new PageRange(now - DefaultWindow, now);
        error = null;
        if (text.From is null && text.To is null)
        {
            TimeSpan window = DefaultWindow;
            if (text.Window is not null && !QuickRanges.TryParseWindow(text.Window, out window))
            {
                error = $"“{text.Window}” is no window; write it as 15m, 6h or 7d.";
                return false;
            }

            range = new PageRange(now - window, now);
            return true;
        }

        if (!TryMoment(text.To ?? "now", now, out DateTimeOffset to) || !TryMoment(text.From ?? "now-1h", now, out DateTimeOffset from))
        {
            error = "A time is written as 2026-01-31T14:00Z or now-6h.";
            return false;
        }

        if (from >= to)
        {
            error = "The range must begin before it ends.";
            return false;
        }

        range = new PageRange(from, to);
        return true;
    }

    private static bool TryMoment(string text, DateTimeOffset now, out DateTimeOffset moment)
    {
        moment = now;
        if (text == "now")
            return true;
        if (text.StartsWith("now-", StringComparison.Ordinal))
        {
            bool relative = QuickRanges.TryParseWindow(text[4..], out TimeSpan back);
            moment = now - back;
            return relative;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long unixMs) && unixMs <= 253402300799999)
        {
            moment = DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
            return true;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment);
    }
}
