using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using PerfPortal.Domain.Alerts.Muting;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>A silence to be stored: it mutes the alerts with these labels between two times or, with a schedule, again and again.</summary>
/// <param name="Labels">The labels that an alert must have, each with this value, at most 20; empty or missing only with <c>every_alert</c>.</param>
/// <param name="StartsAt">When it begins; defaults to now.</param>
/// <param name="EndsAt">When it ends; may be missing with a schedule.</param>
/// <param name="Schedule">The periods within these times; all of the time when missing.</param>
/// <param name="Note">Why.</param>
/// <param name="EveryAlert">True, without labels, to mute every alert.</param>
internal sealed record SilenceReport(
    IReadOnlyDictionary<string, string> Labels, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, ScheduleBody? Schedule,
    [property: StringLength(SilenceReport.NoteCharacters, MinimumLength = 1)] string Note, bool? EveryAlert = null) : IRequestBody
{
    /// <summary>The maximum length of a note.</summary>
    public const int NoteCharacters = 1_000;

    /// <summary>The maximum number of labels.</summary>
    public const int MaxLabels = 20;

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
    /// <param name="element">The body.</param>
    /// <param name="now">The present, UTC.</param>
    /// <param name="errors">Receives every error.</param>
    /// <param name="mustNameAll">Whether empty labels, which may be a mistake, need <c>every_alert</c>.</param>
    public static SilenceReport? Read(JsonElement element, DateTimeOffset now, List<ValidationError> errors, bool mustNameAll = false)
    {
        if (MemberReader.Begin(element, "", errors) is not { } members)
        {
            return null;
        }

        members.RejectOthers(WireMembers.Of<SilenceReport>(), WireMembers.Of<SilenceBody>());
        var fields = new FieldErrors(errors);
        bool? everyAlert = members.Flag("every_alert");
        var labels = ReadLabels(members, isRequired: everyAlert != true, fields);
        CheckEveryAlert(labels, everyAlert, mustNameAll, fields);
        var starts = members.Time("starts_at");
        var ends = members.Time("ends_at");
        var schedule = ReadSchedule(members, fields);
        CheckEnd(starts, ends, schedule is null, now, fields);

        string? note = members.Text("note", NoteCharacters);
        if (string.IsNullOrWhiteSpace(note))
        {
            fields.AddMissing("note");
        }

        return errors.Count > 0 ? null : new(labels, starts, ends, schedule, note!, everyAlert);
    }

    private static void CheckEveryAlert(Dictionary<string, string> labels, bool? everyAlert, bool mustNameAll, FieldErrors fields)
    {
        if (labels.Count > 0 && everyAlert == true)
        {
            fields.Add("every_alert", "every_alert must not be true with labels: they select alerts.");
        }
        else if (labels.Count == 0 && mustNameAll && everyAlert != true && !fields.HasBelow("labels"))
        {
            fields.Add("labels", "labels is empty: name at least one label that alerts have, such as alertname, severity or source. To mute every alert, send every_alert true.");
        }
    }

    private static void CheckEnd(DateTimeOffset? starts, DateTimeOffset? ends, bool isRequired, DateTimeOffset now, FieldErrors fields)
    {
        if (fields.Has("ends_at"))
        {
            return;
        }

        if (ends is not { } end)
        {
            if (isRequired)
            {
                fields.Add("ends_at", "ends_at is missing; only a silence with a schedule may have no end.");
            }
        }
        else if (end <= now)
        {
            fields.Add("ends_at", $"ends_at is {WireJson.Text(end)}, which lies in the past: it is {WireJson.Text(now)}.");
        }
        else if (starts >= end)
        {
            fields.Add("ends_at", $"ends_at is {WireJson.Text(end)}; it must be later than starts_at, {WireJson.Text(starts.Value)}.");
        }
    }

    private static Dictionary<string, string> ReadLabels(MemberReader members, bool isRequired, FieldErrors fields)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (members.Object("labels") is not { } given)
        {
            if (isRequired)
            {
                fields.AddMissing("labels");
            }

            return labels;
        }

        var inner = fields.In("labels");
        int count = given.Members.Count();
        if (count > MaxLabels)
        {
            fields.Add("labels", $"labels has {Format.Count((long)count)} members; at most {MaxLabels} are accepted.");
            return labels;
        }

        foreach (var member in given.Members)
        {
            if (!LabelCheck.IsName(member.Name))
            {
                fields.Add("labels", $"labels contains \"{LabelCheck.Shown(member.Name)}\", which no label can be called: a name has 1 to {LabelCheck.NameCharacters} letters, digits and underscores, and does not begin with a digit.");
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

        given.RejectOthers(WireMembers.Of<ScheduleBody>());
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
