using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using PerfPortal.Domain.Alerts.Muting;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>A silence to be stored: it mutes the alerts with these labels between two times or, with a schedule, again and again.</summary>
/// <param name="Labels">The labels that an alert must have, each with this value; empty to mute every alert.</param>
/// <param name="StartsAt">When it begins; defaults to now.</param>
/// <param name="EndsAt">When it ends; may be missing with a schedule.</param>
/// <param name="Schedule">The periods within these times; all of the time when missing.</param>
/// <param name="Note">Why.</param>
internal sealed record SilenceReport(
    IReadOnlyDictionary<string, string> Labels, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, ScheduleBody? Schedule,
    [property: StringLength(SilenceReport.NoteCharacters, MinimumLength = 1)] string Note) : IRequestBody
{
    /// <summary>The maximum length of a note.</summary>
    public const int NoteCharacters = 1_000;

    /// <summary>The maximum number of labels.</summary>
    public const int MaxLabels = 20;

    /// <summary>The maximum length of a label's name.</summary>
    public const int LabelCharacters = 64;

    /// <summary>The maximum length of a label's value.</summary>
    public const int ValueCharacters = 512;

    /// <summary>Makes the silence, with a new ID.</summary>
    /// <param name="by">Who makes it.</param>
    /// <param name="now">The present, UTC.</param>
    public Silence ToSilence(string by, DateTimeOffset now) => new()
    {
        Id = Guid.NewGuid().ToString("N"),
        Labels = Labels,
        StartsAt = StartsAt ?? now,
        EndsAt = EndsAt,
        Schedule = Schedule?.ToSchedule(),
        Note = Note,
        CreatedBy = by,
        CreatedAt = now,
    };

    /// <summary>Reads and validates a silence; <see langword="null"/> when there are errors.</summary>
    public static SilenceReport? Read(JsonElement element, DateTimeOffset now, List<ValidationError> errors)
    {
        if (MemberReader.Begin(element, "", errors) is not { } members)
        {
            return null;
        }

        var fields = new FieldErrors(errors);
        var labels = ReadLabels(members, fields);
        var starts = members.Time("starts_at");
        var ends = members.Time("ends_at");
        var schedule = ReadSchedule(members, fields);
        if (ends is null && schedule is null)
        {
            fields.Add("ends_at", "ends_at is missing; only a silence with a schedule may have no end.");
        }
        else if (ends <= (starts ?? now))
        {
            fields.Add("ends_at", "ends_at must be later than starts_at.");
        }
        else if (ends <= now)
        {
            fields.Add("ends_at", "ends_at lies in the past.");
        }

        string? note = members.Text("note", NoteCharacters);
        if (string.IsNullOrWhiteSpace(note))
        {
            fields.AddMissing("note");
        }

        return errors.Count > 0 ? null : new(labels, starts, ends, schedule, note!);
    }

    private static Dictionary<string, string> ReadLabels(MemberReader members, FieldErrors fields)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (members.Object("labels") is not { } given)
        {
            fields.AddMissing("labels");
            return labels;
        }

        var inner = fields.In("labels");
        int count = given.Members.Count();
        if (count > MaxLabels)
        {
            fields.Add("labels", string.Create(CultureInfo.InvariantCulture, $"labels has {count} members; at most {MaxLabels} are accepted."));
            return labels;
        }

        foreach (var member in given.Members)
        {
            inner.CheckLength(member.Name, member.Name, LabelCharacters);
            if (member.Name.Length == 0)
            {
                fields.Add("labels", "The name of a label must not be empty.");
            }
            else if (given.Text(member.Name, ValueCharacters) is { } value)
            {
                labels[member.Name] = value;
            }
            else if (!inner.Has(member.Name))
            {
                inner.Add(member.Name, $"{member.Name} must be a string.");
            }
        }

        return labels;
    }

    private static ScheduleBody? ReadSchedule(MemberReader members, FieldErrors fields)
    {
        if (members.Object("schedule") is not { } given)
        {
            return null;
        }

        var inner = fields.In("schedule");
        var days = ReadDays(given, inner);
        string from = ReadTime(given, inner, "from");
        string to = ReadTime(given, inner, "to");
        string zone = given.Text("time_zone", 100) ?? "";
        if (zone.Length == 0)
        {
            inner.AddMissing("time_zone");
        }
        else if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            inner.Add("time_zone", $"time_zone is not a known time zone; use an IANA name, such as Europe/Berlin.");
        }

        return new(days, from, to, zone);
    }

    private static List<string> ReadDays(MemberReader given, FieldErrors fields)
    {
        var days = new List<string>();
        if (given.Find("days") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() is 0 or > 7)
        {
            fields.Add("days", $"days must be a list of 1 to 7 of {string.Join(", ", ScheduleBody.DayNames)}.");
            return days;
        }

        foreach (var day in list.EnumerateArray())
        {
            if (day.ValueKind == JsonValueKind.String && MemberReader.TryGetString(day, out string name) && ScheduleBody.DayNames.Contains(name))
            {
                days.Add(name);
            }
            else
            {
                fields.Add("days", $"days must be a list of 1 to 7 of {string.Join(", ", ScheduleBody.DayNames)}.");
                break;
            }
        }

        return days;
    }

    private static string ReadTime(MemberReader given, FieldErrors fields, string name)
    {
        string? text = given.Text(name);
        if (text is null)
        {
            fields.AddMissing(name);
        }
        else if (!TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
        {
            fields.Add(name, $"{name} must be a local time of the form HH:mm, such as 22:00.");
        }

        return text ?? "";
    }
}
