using System.Globalization;
using System.Text.RegularExpressions;

namespace PerfPortal.Domain.Text;

/// <summary>Writes points in time in sentences that are stored and sent, and finds them there again: <c>2026-11-30 02:19 UTC</c>.</summary>
public static partial class Moments
{
    private const string Pattern = "yyyy-MM-dd HH:mm 'UTC'";

    /// <summary>Day and minute, UTC.</summary>
    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(Pattern, CultureInfo.InvariantCulture);

    /// <summary>Replaces the points in time of a sentence, for readers in another time zone.</summary>
    /// <param name="sentence">The sentence.</param>
    /// <param name="write">Writes a point in time.</param>
    public static string Replace(string sentence, Func<DateTimeOffset, string> write)
    {
        ArgumentNullException.ThrowIfNull(sentence);
        ArgumentNullException.ThrowIfNull(write);
        return Moment().Replace(sentence, match =>
            DateTimeOffset.TryParseExact(match.Value, Pattern, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? write(at) : match.Value);
    }

    [GeneratedRegex(@"\b\d{4}-\d\d-\d\d \d\d:\d\d UTC\b", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Moment();
}
