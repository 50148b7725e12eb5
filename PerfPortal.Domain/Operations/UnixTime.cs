using System.Globalization;

namespace PerfPortal.Domain.Operations;

/// <summary>
/// Parses Unix times: a number of seconds since 1970-01-01T00:00:00Z, with any fraction. Values from 10^11 (in seconds the year 5138) are
/// milliseconds, as in JavaScript and Java.
/// </summary>
public static class UnixTime
{
    /// <summary>The smallest number that is read as milliseconds.</summary>
    public const long FirstMilliseconds = 100_000_000_000;

    private const int MaxLength = 64;
    private const decimal MaxNumber = 1e19m;
    private const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Parses a time.</summary>
    /// <param name="text">The whole text, such as <c>1795960000.5</c>; at most 64 characters.</param>
    /// <param name="time">The time in UTC, truncated to 100 ns; a time outside the years 1–9999 becomes the nearest <see cref="DateTimeOffset"/>.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset time)
    {
        // The parser of .NET also accepts null characters at the end.
        decimal number = 0;
        bool isNumber = text.Length is > 0 and <= MaxLength && char.IsAsciiDigit(text[^1]) && decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out number);
        time = isNumber ? ToTime(number) : default;
        return isNumber;
    }

    /// <summary>Parses a time from UTF-8.</summary>
    /// <param name="utf8">The whole text.</param>
    /// <param name="time">The time, as for <see cref="TryParse(ReadOnlySpan{char}, out DateTimeOffset)"/>.</param>
    /// <returns>Whether the text is a number.</returns>
    public static bool TryParse(ReadOnlySpan<byte> utf8, out DateTimeOffset time)
    {
        decimal number = 0;
        bool isNumber = utf8.Length is > 0 and <= MaxLength && char.IsAsciiDigit((char)utf8[^1]) && decimal.TryParse(utf8, Style, CultureInfo.InvariantCulture, out number);
        time = isNumber ? ToTime(number) : default;
        return isNumber;
    }

    private static DateTimeOffset ToTime(decimal number)
    {
        decimal ticks = Math.Clamp(number, -MaxNumber, MaxNumber) * (Math.Abs(number) < FirstMilliseconds ? TimeSpan.TicksPerSecond : TimeSpan.TicksPerMillisecond);
        return DateTimeOffset.UnixEpoch.AddTicks((long)Math.Clamp(
            ticks, DateTimeOffset.MinValue.Ticks - DateTimeOffset.UnixEpoch.Ticks, DateTimeOffset.MaxValue.Ticks - DateTimeOffset.UnixEpoch.Ticks));
    }
}
