using System.Globalization;

namespace PerfPortal.Domain.Text;

/// <summary>Writes points in time in sentences, which have no time zone of their own.</summary>
public static class Moments
{
    /// <summary>Day and minute: <c>30 Nov, 02:19 UTC</c>.</summary>
    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM, HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
