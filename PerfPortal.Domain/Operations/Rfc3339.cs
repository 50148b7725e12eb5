using System.Numerics;

namespace PerfPortal.Domain.Operations;

/// <summary>
/// Parses RFC 3339 times (section 5.6): a date, a time, any number of fraction digits and a zone. <c>t</c>, <c>z</c> and a space
/// between date and time are accepted as well. A leap second, which .NET cannot represent, becomes the following second.
/// </summary>
public static class Rfc3339
{
    private const int SecondsEnd = 19;
    private const int TickDigits = 7;
    private const int NoDigits = -1_000_000;

    /// <summary>Parses a time.</summary>
    /// <param name="text">The whole text, such as <c>2026-01-31T12:00:00.123+01:00</c>.</param>
    /// <param name="time">The time in UTC, truncated to 100 ns; a time outside the years 1–9999 UTC becomes the nearest <see cref="DateTimeOffset"/>.</param>
    /// <returns>Whether the text is a valid time.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time) => TryParse<char>(text, out time);

    /// <summary>Parses a time from UTF-8.</summary>
    /// <param name="utf8">The whole text.</param>
    /// <param name="time">The time, as for <see cref="TryParse(ReadOnlySpan{char}, out DateTimeOffset)"/>.</param>
    /// <returns>Whether the text is a valid time.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out DateTimeOffset time) => TryParse<byte>(utf8, out time);

    private static bool TryParse<T>(ReadOnlySpan<T> text, out DateTimeOffset time)
        where T : unmanaged, IBinaryInteger<T>
    {
        time = default;
        if (text.Length <= SecondsEnd || Code(text[4]) != '-' || Code(text[7]) != '-' || Code(text[10]) is not ('T' or 't' or ' ')
            || Code(text[13]) != ':' || Code(text[16]) != ':')
        {
            return false;
        }

        int year = (Pair(text, 0) * 100) + Pair(text, 2);
        int month = Pair(text, 5);
        int day = Pair(text, 8);
        int hour = Pair(text, 11);
        int minute = Pair(text, 14);
        int second = Pair(text, 17);
        if ((month | day | hour | minute | second) < 0 || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        var rest = text[SecondsEnd..];
        if (!TryTakeFraction(ref rest, out long fraction) || !TryReadZone(rest, out long zone))
        {
            return false;
        }

        long ticks = new DateTime(year, month, day, hour, minute, 0).Ticks + (second * TimeSpan.TicksPerSecond) + fraction - zone;
        time = new(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), TimeSpan.Zero);
        return second < 60 || FollowsLeapSecond(time);
    }

    /// <summary>Whether a leap second can precede this time: leap seconds are the last second of June or December, UTC.</summary>
    private static bool FollowsLeapSecond(DateTimeOffset time) => time is { Month: 1 or 7, Day: 1, Hour: 0, Minute: 0, Second: 0 };

    private static bool TryTakeFraction<T>(ref ReadOnlySpan<T> rest, out long ticks)
        where T : unmanaged, IBinaryInteger<T>
    {
        ticks = 0;
        if (Code(rest[0]) != '.')
        {
            return true;
        }

        int digits = 0;
        uint digit;
        for (rest = rest[1..]; digits < rest.Length && (digit = Code(rest[digits]) - '0') <= 9; digits++)
        {
            if (digits < TickDigits)
            {
                ticks = (ticks * 10) + digit;
            }
        }

        for (int i = digits; i < TickDigits; i++)
        {
            ticks *= 10;
        }

        rest = rest[digits..];
        return digits > 0;
    }

    private static bool TryReadZone<T>(ReadOnlySpan<T> zone, out long ticks)
        where T : unmanaged, IBinaryInteger<T>
    {
        ticks = 0;
        if (zone.Length == 1)
        {
            return Code(zone[0]) is 'Z' or 'z';
        }

        if (zone.Length != 6 || Code(zone[0]) is not ('+' or '-') || Code(zone[3]) != ':')
        {
            return false;
        }

        int hours = Pair(zone, 1);
        int minutes = Pair(zone, 4);
        ticks = ((hours * 60L) + minutes) * (Code(zone[0]) == '-' ? -TimeSpan.TicksPerMinute : TimeSpan.TicksPerMinute);
        return hours is >= 0 and <= 23 && minutes is >= 0 and <= 59;
    }

    /// <summary>Parses two digits; returns a large negative number when they are not digits.</summary>
    private static int Pair<T>(ReadOnlySpan<T> text, int index)
        where T : unmanaged, IBinaryInteger<T>
    {
        uint tens = Code(text[index]) - '0';
        uint ones = Code(text[index + 1]) - '0';
        return tens <= 9 && ones <= 9 ? (int)((tens * 10) + ones) : NoDigits;
    }

    private static uint Code<T>(T letter)
        where T : unmanaged, IBinaryInteger<T> => uint.CreateTruncating(letter);
}
