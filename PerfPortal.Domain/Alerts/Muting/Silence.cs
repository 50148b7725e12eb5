namespace PerfPortal.Domain.Alerts.Muting;

/// <summary>Mutes the alerts with certain labels: once, between two times, or again and again on a weekly schedule (quiet hours, maintenance windows).</summary>
public sealed record Silence
{
    /// <summary>The ID: 32 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The labels that an alert must have, each with this value; empty for every alert.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>When it begins, UTC.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>When it ends, UTC; <see langword="null"/> for a schedule without an end.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>The schedule within these times; <see langword="null"/> for all of the time.</summary>
    public WeeklySchedule? Schedule { get; init; }

    /// <summary>Why.</summary>
    public required string Note { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it mutes at a time.</summary>
    public bool IsActive(DateTimeOffset at) => at >= StartsAt && !(at >= EndsAt) && Schedule?.Includes(at) != false;

    /// <summary>Returns the periods of its schedule that have not ended at a time, the earliest first, within its times; none without a schedule.</summary>
    /// <param name="after">The time.</param>
    /// <param name="count">The maximum number of periods.</param>
    public IEnumerable<MutedPeriod> Next(DateTimeOffset after, int count) => Schedule is null ? [] :
        Schedule.Next(after > StartsAt ? after : StartsAt, count).Where(period => !(period.From >= EndsAt))
            .Select(period => new MutedPeriod(period.From > StartsAt ? period.From : StartsAt, period.To > EndsAt ? EndsAt.Value : period.To));

    /// <summary>Whether it concerns an alert with these labels.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return Labels.All(wanted => labels.TryGetValue(wanted.Key, out string? value) && value == wanted.Value);
    }
}
