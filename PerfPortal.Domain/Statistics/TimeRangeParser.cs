namespace PerfPortal.Domain.Statistics;

/// <summary>Parses the range parameters of the API and the pages: <c>from</c> and <c>to</c>, or <c>window</c>, in the time zone <c>tz</c>.</summary>
public static class TimeRangeParser
{
    /// <summary>The first year that a range may include.</summary>
    public const int FirstYear = 1970;

    /// <summary>The last year that a range may include.</summary>
    public const int LastYear = 2200;

    /// <summary>The accepted forms of a time, in one sentence.</summary>
    public const string Forms = "Use RFC 3339 with a time zone (2026-01-31T08:00:00Z), a Unix time in seconds (values from 100000000000 are milliseconds), or a time relative to now (now-24h, now-1d/d; units s, m, h, d, w, M, y).";

    /// <summary>The accepted forms of a window, in one sentence.</summary>
    public const string WindowForms = "Use a duration above zero such as 15m, 24h or 7d (units s, m, h, d, w, M, y).";

    private static readonly DateTimeOffset Earliest = new(FirstYear, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(LastYear + 1, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Parses a range. Without <c>to</c> it ends now; without <c>from</c> its length is <paramref name="defaultWindow"/>; <c>window</c> means [now−window, now).
    /// </summary>
    /// <param name="request">The range parameters.</param>
    /// <param name="now">The time that <c>now</c> refers to.</param>
    /// <param name="defaultWindow">The default length; above zero.</param>
    /// <param name="range">The range in UTC; <c>default</c> when the method returns <see langword="false"/>.</param>
    /// <param name="errors">All errors, not only the first.</param>
    /// <returns><see langword="true"/> when the request is valid.</returns>
    public static bool TryParse(RangeRequest request, DateTimeOffset now, TimeSpan defaultWindow, out TimeRange range, out IReadOnlyList<RangeError> errors)
    {
        var found = new List<RangeError>();
        range = Read(request, now.ToUniversalTime(), defaultWindow, found);
        errors = found;
        if (found.Count > 0)
        {
            range = default;
        }

        return found.Count == 0;
    }

    private static TimeRange Read(RangeRequest request, DateTimeOffset now, TimeSpan defaultWindow, List<RangeError> errors)
    {
        var calendar = ReadZone(request.TimeZone, errors);
        bool hasFrom = !string.IsNullOrWhiteSpace(request.From);
        bool hasTo = !string.IsNullOrWhiteSpace(request.To);
        if (!string.IsNullOrWhiteSpace(request.Window))
        {
            if (hasFrom || hasTo)
            {
                errors.Add(new RangeError("window", "Use either window or from and to, not both."));
            }

            var start = TryReadWindow(request.Window, now, calendar, errors);
            if (!hasFrom && !hasTo)
            {
                return new TimeRange(start ?? now, now);
            }
        }

        var to = hasTo ? TryReadTime("to", request.To!, now, calendar, errors) : now;
        var from = hasFrom ? TryReadTime("from", request.From!, now, calendar, errors) : to - defaultWindow;
        if (from >= to)
        {
            errors.Add(hasTo ? new RangeError("to", "The end must be after from.") : new RangeError("from", "The start must be before now, because the range ends now when to is absent."));
        }

        if (!hasFrom && from < Earliest)
        {
            errors.Add(new RangeError("to", $"The range would start before {FirstYear}."));
        }

        return new TimeRange(from ?? now, to ?? now);
    }

    private static ZonedCalendar ReadZone(string? zone, List<RangeError> errors)
    {
        if (string.IsNullOrWhiteSpace(zone))
        {
            return ZonedCalendar.Utc;
        }

        if (ZonedCalendar.TryFind(zone.Trim(), out var calendar))
        {
            return calendar;
        }

        errors.Add(new RangeError("tz", "Unknown time zone. Use an IANA name such as Europe/Berlin."));
        return ZonedCalendar.Utc;
    }

    private static DateTimeOffset? TryReadTime(string field, string text, DateTimeOffset now, ZonedCalendar calendar, List<RangeError> errors) =>
        Check(field, TimeExpression.Read(text.Trim(), now, calendar), Forms, errors);

    private static DateTimeOffset? TryReadWindow(string text, DateTimeOffset now, ZonedCalendar calendar, List<RangeError> errors)
    {
        var start = Check("window", TimeExpression.ReadWindow(text.Trim(), now, calendar), WindowForms, errors);
        if (start < now || start is null)
        {
            return start;
        }

        errors.Add(new RangeError("window", WindowForms));
        return null;
    }

    private static DateTimeOffset? Check(string field, ReadTime read, string forms, List<RangeError> errors)
    {
        if (read.Outcome == ReadOutcome.NotUnderstood)
        {
            errors.Add(new RangeError(field, "The value cannot be parsed. " + forms));
        }
        else if (read.Outcome == ReadOutcome.OutOfRange || read.Time < Earliest || read.Time > Latest)
        {
            errors.Add(new RangeError(field, $"The time must be within the years {FirstYear} to {LastYear}."));
        }
        else
        {
            return read.Time;
        }

        return null;
    }
}
