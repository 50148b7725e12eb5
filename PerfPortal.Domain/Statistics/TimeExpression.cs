using System.Globalization;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Domain.Statistics;

/// <summary>The outcome of parsing a time.</summary>
internal enum ReadOutcome
{
    Understood,
    NotUnderstood,
    OutOfRange,
}

/// <summary>The result of parsing a time.</summary>
internal readonly record struct ReadTime(ReadOutcome Outcome, DateTimeOffset Time)
{
    public static ReadTime NotUnderstood => new(ReadOutcome.NotUnderstood, default);

    public static ReadTime OutOfRange => new(ReadOutcome.OutOfRange, default);

    public static ReadTime Of(DateTimeOffset time) => new(ReadOutcome.Understood, time.ToUniversalTime());
}

/// <summary>
/// Parses a point in time in one of three formats: <c>2026-01-31T08:00:00.5+01:00</c> (RFC 3339, section 5.6), <c>1767225600</c> (<see cref="UnixTime"/>),
/// <c>now-1d/d</c> (steps from left to right, each an offset or rounding down). A space is accepted for a plus sign, which URL decoding turns into a space.
/// </summary>
internal static class TimeExpression
{
    private const int MaxTextLength = 64;
    private const int MaxDigits = 9;
    private const int ZoneLength = 6;
    private const string Now = "now";

    public static ReadTime Read(string text, DateTimeOffset now, ZonedCalendar calendar)
    {
        if (text.Length is 0 or > MaxTextLength)
        {
            return ReadTime.NotUnderstood;
        }

        if (text.StartsWith(Now, StringComparison.Ordinal))
        {
            return ReadSteps(text.AsSpan(Now.Length), now, calendar);
        }

        return UnixTime.TryParse(text, out var time) ? ReadTime.Of(time) : ReadTimestamp(text);
    }

    public static ReadTime ReadWindow(string text, DateTimeOffset now, ZonedCalendar calendar) =>
        text.Length is 0 or > MaxTextLength || !TryTakeDistance(text, out int amount, out var unit, out var rest) || !rest.IsEmpty
            ? ReadTime.NotUnderstood
            : Guarded(() => calendar.Add(now, -amount, unit));

    private static ReadTime ReadSteps(ReadOnlySpan<char> steps, DateTimeOffset now, ZonedCalendar calendar)
    {
        var time = now;
        while (!steps.IsEmpty)
        {
            char sign = steps[0];
            steps = steps[1..];
            ReadTime next;
            if (sign == '/')
            {
                if (steps.IsEmpty || !TryUnit(steps[0], out var rounded))
                {
                    return ReadTime.NotUnderstood;
                }

                steps = steps[1..];
                var exact = time;
                next = Guarded(() => calendar.Floor(exact, rounded));
            }
            else
            {
                if (sign is not ('+' or '-' or ' ') || !TryTakeDistance(steps, out int amount, out var unit, out steps))
                {
                    return ReadTime.NotUnderstood;
                }

                var origin = time;
                next = Guarded(() => calendar.Add(origin, sign == '-' ? -amount : amount, unit));
            }

            if (next.Outcome != ReadOutcome.Understood)
            {
                return next;
            }

            time = next.Time;
        }

        return ReadTime.Of(time);
    }

    private static ReadTime ReadTimestamp(string text)
    {
        string whole = text.Length > ZoneLength && text[^ZoneLength] == ' ' ? string.Concat(text.AsSpan(0, text.Length - ZoneLength), "+", text.AsSpan(text.Length - ZoneLength + 1)) : text;
        return Rfc3339.TryParse(whole, out var time) ? ReadTime.Of(time) : ReadTime.NotUnderstood;
    }

    private static bool TryTakeDistance(ReadOnlySpan<char> text, out int amount, out CalendarUnit unit, out ReadOnlySpan<char> rest)
    {
        int digits = text.IndexOfAnyExceptInRange('0', '9');
        amount = 0;
        unit = default;
        rest = default;
        if (digits is < 1 or > MaxDigits || !TryUnit(text[digits], out unit))
        {
            return false;
        }

        amount = int.Parse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
        rest = text[(digits + 1)..];
        return true;
    }

    private static bool TryUnit(char letter, out CalendarUnit unit)
    {
        (bool known, unit) = letter switch
        {
            's' => (true, CalendarUnit.Second),
            'm' => (true, CalendarUnit.Minute),
            'h' => (true, CalendarUnit.Hour),
            'd' => (true, CalendarUnit.Day),
            'w' => (true, CalendarUnit.Week),
            'M' => (true, CalendarUnit.Month),
            'y' => (true, CalendarUnit.Year),
            _ => (false, default),
        };
        return known;
    }

    // Times outside the calendar's years 1 to 9999 get the same error as times outside the portal's own limits.
    private static ReadTime Guarded(Func<DateTimeOffset> compute)
    {
        try
        {
            return ReadTime.Of(compute());
        }
        catch (ArgumentOutOfRangeException)
        {
            return ReadTime.OutOfRange;
        }
    }
}
