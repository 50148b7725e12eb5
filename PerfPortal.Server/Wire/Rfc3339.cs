using System.Globalization;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Wire;

/// <summary>Reads RFC 3339 times: a date, a time and a zone, with as many fractional digits as one likes.</summary>
internal static class Rfc3339
{
    /// <summary>Reads a time, as UTC cut to microseconds; one before 1970 or after 2200 is not taken.</summary>
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        if (text.Length is < 20 or > 40 || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't' or ' ') || text[13] != ':' || text[16] != ':')
        {
            return false;
        }

        bool hasZone = text[^1] is 'Z' or 'z' || text[^6] is '+' or '-';
        string cut = CutFraction(text);
        if (!hasZone || !DateTimeOffset.TryParse(cut, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var parsed)
            || parsed < OperationLimits.Earliest || parsed.Year > 2200)
        {
            return false;
        }

        time = parsed.ToWholeMicroseconds();
        return true;
    }

    /// <summary>.NET reads seven fractional digits; others may send nine.</summary>
    private static string CutFraction(string text)
    {
        if (text[19] != '.')
        {
            return text;
        }

        int end = 20;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return end - 20 <= 7 ? text : string.Concat(text.AsSpan(0, 27), text.AsSpan(end));
    }
}
