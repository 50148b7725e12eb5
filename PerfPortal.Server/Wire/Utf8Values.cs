using System.Buffers.Text;
using System.Text;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Intake;

namespace PerfPortal.Server.Wire;

/// <summary>
/// Reads the usual forms of times, UUIDs and hex digits straight from UTF-8. Stricter than <see cref="Rfc3339"/> and
/// <see cref="MemberReader"/>: what is not taken here may still be taken there, and what is taken here means the same there.
/// </summary>
internal static class Utf8Values
{
    private const int SecondsEnd = 19;
    private const int UuidLength = 36;

    /// <summary>A time such as <c>2026-01-31T12:00:00.123456Z</c> or <c>…+01:00</c>, from 1970 to 2200, cut to microseconds.</summary>
    public static bool TryReadTime(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length is < SecondsEnd + 1 or > 40 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
        {
            return false;
        }

        int year = (Pair(text, 0) * 100) + Pair(text, 2);
        int month = Pair(text, 5);
        int day = Pair(text, 8);
        int hour = Pair(text, 11);
        int minute = Pair(text, 14);
        int second = Pair(text, 17);
        if ((month | day | hour | minute | second) < 0 || year is < 1970 or > 2200 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var rest = text[SecondsEnd..];
        if (!TryReadFraction(ref rest, out long microseconds) || !TryReadZone(rest, out long zoneTicks))
        {
            return false;
        }

        long ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks + (microseconds * TimeSpan.TicksPerMicrosecond) - zoneTicks;
        time = new(ticks, TimeSpan.Zero);
        return time >= OperationLimits.Earliest && time.Year <= 2200;
    }

    /// <summary>A UUID of 32 hex digits and four hyphens.</summary>
    public static bool TryReadUuid(ReadOnlySpan<byte> text, out Guid id)
    {
        id = default;
        return text.Length == UuidLength && Utf8Parser.TryParse(text, out id, out int used, 'D') && used == UuidLength;
    }

    /// <summary>So many hex digits that are not all zero, in lower case; <see langword="null"/> for anything else.</summary>
    public static string? ReadHex(ReadOnlySpan<byte> text, int length) =>
        text.Length == length && IsHex(text) && text.ContainsAnyExcept((byte)'0') ? Lower(text) : null;

    /// <summary>The id of a parent: a UUID or 16 hex digits, in lower case; <see langword="null"/> for anything else.</summary>
    public static string? ReadParent(ReadOnlySpan<byte> text) =>
        TryReadUuid(text, out _) || (text.Length == 16 && IsHex(text)) ? Lower(text) : null;

    private static bool TryReadFraction(ref ReadOnlySpan<byte> rest, out long microseconds)
    {
        microseconds = 0;
        if (rest[0] != '.')
        {
            return true;
        }

        int digits = 0;
        for (rest = rest[1..]; digits < rest.Length && char.IsAsciiDigit((char)rest[digits]); digits++)
        {
            if (digits < 6)
            {
                microseconds = (microseconds * 10) + (rest[digits] - '0');
            }
        }

        for (int i = digits; i < 6; i++)
        {
            microseconds *= 10;
        }

        rest = rest[digits..];
        return digits > 0 && rest.Length > 0;
    }

    private static bool TryReadZone(ReadOnlySpan<byte> zone, out long ticks)
    {
        ticks = 0;
        if (zone.Length == 1)
        {
            return zone[0] == 'Z';
        }

        if (zone.Length != 6 || zone[0] is not ((byte)'+' or (byte)'-') || zone[3] != ':')
        {
            return false;
        }

        int hours = Pair(zone, 1);
        int minutes = Pair(zone, 4);
        ticks = ((hours * 60L) + minutes) * (zone[0] == '-' ? -TimeSpan.TicksPerMinute : TimeSpan.TicksPerMinute);
        return hours is >= 0 and < 14 && minutes is >= 0 and < 60;
    }

    /// <summary>Two digits, or a number far below zero.</summary>
    private static int Pair(ReadOnlySpan<byte> text, int at)
    {
        int tens = text[at] - '0';
        int ones = text[at + 1] - '0';
        return (uint)tens <= 9 && (uint)ones <= 9 ? (tens * 10) + ones : -1_000_000;
    }

    private static bool IsHex(ReadOnlySpan<byte> text)
    {
        foreach (byte letter in text)
        {
            if (!char.IsAsciiHexDigit((char)letter))
            {
                return false;
            }
        }

        return true;
    }

    private static string Lower(ReadOnlySpan<byte> ascii)
    {
        Span<byte> lower = stackalloc byte[UuidLength];
        Ascii.ToLower(ascii, lower, out int written);
        return Encoding.ASCII.GetString(lower[..written]);
    }
}
