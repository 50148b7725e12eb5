using System.Globalization;

namespace PerfPortal.Server.Text;

/// <summary>Formats a time relative to another.</summary>
public static class RelativeTime
{
    /// <summary>"just now", "42 s ago", "3 min ago", "in 2 h", "5 d ago".</summary>
    public static string Text(DateTimeOffset moment, DateTimeOffset now)
    {
        var gap = now - moment;
        double seconds = Math.Abs(gap.TotalSeconds);
        if (seconds < 5)
        {
            return "just now";
        }

        string amount = seconds switch
        {
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{(int)seconds} s"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 60)} min"),
            < 172_800 => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 3600)} h"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(int)(seconds / 86400)} d"),
        };
        return gap < TimeSpan.Zero ? $"in {amount}" : $"{amount} ago";
    }
}
