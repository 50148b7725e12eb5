using PerfPortal.Domain.Findings;
using PerfPortal.Domain.Text;

namespace PerfPortal.Domain.Analysis.Silence;

/// <summary>
/// Operations are silent when none has ended for 15 minutes and either for three times the longest pause of the 24 hours before, or for an hour in which, at the same
/// time of each of the last days (at least three), operations did end. The second rule finds a silent morning after silent nights.
/// </summary>
public static class SilentOperations
{
    /// <summary>A shorter pause is never silence.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(15);

    /// <summary>After a longer pause there is nothing left to compare with: it is over.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    private const double Times = 3;
    private const int EnoughSteps = 24;
    private const int EnoughDays = 3;
    private const int EnoughOperations = 5;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Returns the silence, or <see langword="null"/>.</summary>
    /// <param name="day">The counts of the last two days in short steps.</param>
    /// <param name="hours">The counts of the last weeks in hours.</param>
    /// <param name="now">The time.</param>
    /// <param name="running">The time since when reports could have arrived.</param>
    public static FindingObservation? Find(EndedCounts day, EndedCounts hours, DateTimeOffset now, DateTimeOffset running)
    {
        ArgumentNullException.ThrowIfNull(day);
        ArgumentNullException.ThrowIfNull(hours);
        int last = LastBefore(day, day.Counts.Count);
        if (last < 0)
        {
            return null;
        }

        var since = day.TimeOf(last + 1);
        var silent = now - since;
        var heard = now - (since > running ? since : running);
        if (heard < Shortest || silent > Longest)
        {
            return null;
        }

        var (pause, steps) = LongestPause(day, last, since - TimeSpan.FromDays(1));
        int days = steps >= EnoughSteps && heard >= Times * pause ? 0 : DaysWithOperations(hours, since, now, heard);
        if (days < 0)
        {
            return null;
        }

        return new()
        {
            Kind = FindingKind.Silence,
            Subject = new(null, null, null, FindingMeasures.Throughput),
            Since = since,
            SinceLow = day.TimeOf(last),
            SinceHigh = since,
            Size = silent.TotalSeconds,
            Unit = "s",
            Confidence = days > 0 ? days / (days + 1.0) : steps / (steps + 1.0),
            Severity = Severity.Critical,
            Impact = 7200,
            Sentence = $"No operation has ended since {Moments.Text(since)} (for more than {Format.Duration(TimeSpan.FromMinutes(Math.Floor(silent.TotalMinutes)))}); "
                + (days > 0
                    ? $"on each of the {Format.Count(days)} days before, operations ended at this time of day."
                    : $"in the 24 hours before, one ended at least every {Format.Duration(pause)}."),
            Action = "Check that the services that report operations run and reach the portal.",
            Evidence =
            [
                new("silent_seconds", Math.Floor(silent.TotalMinutes) * 60, "s"), new("longest_pause_before", pause.TotalSeconds, "s"),
                new("days_compared", days, ""),
            ],
        };
    }

    private static int LastBefore(EndedCounts counts, int end)
    {
        int last = end - 1;
        while (last >= 0 && counts.Counts[last] == 0)
        {
            last--;
        }

        return last;
    }

    private static (TimeSpan Pause, int Steps) LongestPause(EndedCounts counts, int last, DateTimeOffset from)
    {
        var longest = counts.Step;
        int steps = 1;
        for (int i = last; i > 0;)
        {
            int before = LastBefore(counts, i);
            if (before < 0)
            {
                break;
            }

            // A pause that reaches into the day belongs to it: that of a night, just after the evening.
            var pause = (i - before) * counts.Step;
            longest = pause > longest ? pause : longest;
            steps++;
            i = counts.TimeOf(before) < from ? 0 : before;
        }

        return (longest, steps);
    }

    /// <summary>The number of days before on which operations ended in the same period; −1 when on one of them (almost) none did, or there are too few.</summary>
    private static int DaysWithOperations(EndedCounts hours, DateTimeOffset since, DateTimeOffset now, TimeSpan heard)
    {
        if (heard < Hour)
        {
            return -1;
        }

        int days = 0;
        for (int back = 1; back <= 14; back++)
        {
            var day = TimeSpan.FromDays(back);

            // Only whole hours within the pause are compared, so the pause must contain one.
            if (hours.Within(since - day, now - day) is not { } count)
            {
                break;
            }

            if (count < EnoughOperations)
            {
                return -1;
            }

            days++;
        }

        return days >= EnoughDays ? days : -1;
    }
}
