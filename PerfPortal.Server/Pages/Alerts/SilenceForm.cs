using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using PerfPortal.Domain.Alerts.Muting;
using PerfPortal.Server.Controls;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Pages.Alerts;

/// <summary>A silence as a form edits it. It is judged by the reader of the REST endpoint.</summary>
public sealed class SilenceForm
{
    /// <summary>The choices for the end of a silence, with their words.</summary>
    public static readonly IReadOnlyList<(string Key, string Words)> Ends = [("1h", "For 1 hour"), ("4h", "For 4 hours"), ("tomorrow", "Until tomorrow, 09:00"), ("own", "Until…")];

    private static readonly TimeSpan Morning = TimeSpan.FromHours(9);

    /// <summary>The labels that an alert must have.</summary>
    public List<LabelRow> Labels { get; init; } = [];

    /// <summary>Whether it returns every week.</summary>
    public bool IsWeekly { get; set; }

    /// <summary>The chosen end of a silence that does not return.</summary>
    public string Until { get; set; } = Ends[0].Key;

    /// <summary>The end, local time of the form yyyy-MM-ddTHH:mm; for <c>own</c>, and optional for a weekly one.</summary>
    public string? End { get; set; }

    /// <summary>The days on which it begins, by their names on the wire.</summary>
    public HashSet<string> Days { get; } = new(["mon", "tue", "wed", "thu", "fri", "sat", "sun"], StringComparer.Ordinal);

    /// <summary>When it begins, local time HH:mm.</summary>
    public string? From { get; set; } = "22:00";

    /// <summary>When it ends, local time HH:mm.</summary>
    public string? To { get; set; } = "06:00";

    /// <summary>The IANA name of the time zone.</summary>
    public string? Zone { get; set; }

    /// <summary>Why.</summary>
    public string? Note { get; set; }

    /// <summary>What is wrong, by the pointer of the member.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; private set; } = new Dictionary<string, string>();

    /// <summary>Returns what is wrong with a member or those below it, or <see langword="null"/>.</summary>
    public string? Error(string pointer) => Errors.FirstOrDefault(error => error.Key == pointer || error.Key.StartsWith(pointer + "/", StringComparison.Ordinal)).Value;

    /// <summary>Returns the schedule, or <see langword="null"/> while it is incomplete.</summary>
    internal WeeklySchedule? ToSchedule() =>
        Days.Count > 0 && TimeZoneInfo.TryFindSystemTimeZoneById(Zone?.Trim() ?? "", out _) && IsTime(From) && IsTime(To) ? new ScheduleBody([.. Days], From!, To!, Zone!.Trim()).ToSchedule() : null;

    private static bool IsTime(string? text) => TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>Returns the silence, or <see langword="null"/> with <see cref="Errors"/>.</summary>
    internal SilenceReport? Build(BrowserClock clock, DateTimeOffset now)
    {
        var errors = new List<ValidationError>();
        var body = new JsonObject { ["note"] = Note?.Trim() ?? "" };
        var labels = new JsonObject();
        foreach (var (name, value) in LabelRow.ToLabels(Labels))
        {
            labels[name] = value;
        }

        body["labels"] = labels;
        if (IsWeekly)
        {
            body["schedule"] = new JsonObject
            {
                ["days"] = new JsonArray([.. ScheduleBody.DayNames.Where(Days.Contains).Select(day => (JsonNode)day)]),
                ["from"] = From ?? "",
                ["to"] = To ?? "",
                ["time_zone"] = Zone?.Trim() ?? "",
            };
        }

        bool isEndKnown = TryReadEnd(clock, now, out var end);
        if (end is { } at)
        {
            body["ends_at"] = at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        }

        var report = SilenceReport.Read(JsonSerializer.SerializeToElement(body), now, errors);
        if (!isEndKnown)
        {
            errors.Insert(0, new("", "/ends_at"));
        }

        if (LabelRow.Repeated(Labels) is { } repeated)
        {
            errors.Insert(0, new($"The label {repeated} is there twice.", "/labels"));
        }

        Errors = errors.DistinctBy(error => error.Pointer ?? "").ToDictionary(error => error.Pointer ?? "", error => Words(error.Pointer ?? "", error.Detail));
        return errors.Count == 0 ? report : null;
    }

    private bool TryReadEnd(BrowserClock clock, DateTimeOffset now, out DateTimeOffset? end)
    {
        end = null;
        if (!IsWeekly && Until != "own")
        {
            end = Until switch
            {
                "1h" => now.AddHours(1),
                "4h" => now.AddHours(4),
                _ => clock.FromZone(clock.ToZone(now).Date.AddDays(1) + Morning),
            };
            return true;
        }

        if (string.IsNullOrWhiteSpace(End))
        {
            return IsWeekly;
        }

        if (!DateTime.TryParse(End, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall))
        {
            return false;
        }

        end = clock.FromZone(wall);
        return true;
    }

    private static string Words(string pointer, string detail) => pointer switch
    {
        "/note" => "Say why, in 1 to 1,000 characters.",
        "/ends_at" when detail.Length == 0 || detail.EndsWith("no end.", StringComparison.Ordinal) => "Enter the date and time of the end.",
        "/ends_at" => "The end must be in the future.",
        "/schedule/days" => "Choose at least one day.",
        "/schedule/from" or "/schedule/to" => "Enter a time such as 22:00.",
        "/schedule/time_zone" => "Choose a known time zone, such as Europe/Berlin.",
        _ => detail,
    };
}
