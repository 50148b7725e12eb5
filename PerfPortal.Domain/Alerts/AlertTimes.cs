using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Alerts;

/// <summary>Writes times as people say them: without a second part that is zero.</summary>
public static class AlertTimes
{
    /// <summary>How long something lasted that is evaluated once a minute: <c>7 min</c>, <c>3 h</c>, <c>3 h 04 m</c>, <c>2 d 03 h</c>; below a minute in seconds.</summary>
    public static string Lasted(TimeSpan time) => Exact(time < TimeSpan.FromMinutes(1) ? time : TimeSpan.FromMinutes(Math.Round(time.TotalMinutes)));

    /// <summary>A time such as <c>12.3 s</c>, <c>1 min</c>, <c>2 m 05 s</c>, <c>1 h</c>, <c>1 d 04 h</c>.</summary>
    public static string Exact(TimeSpan time)
    {
        string text = Format.Duration(time);
        return text.EndsWith(" m 00 s", StringComparison.Ordinal) ? text[..^7] + " min"
            : text.EndsWith(" 00 m", StringComparison.Ordinal) || text.EndsWith(" 00 h", StringComparison.Ordinal) ? text[..^5]
            : text;
    }
}
