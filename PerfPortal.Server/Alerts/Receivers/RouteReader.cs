using System.Text.Json;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Server.Intake;

namespace PerfPortal.Server.Alerts.Receivers;

/// <summary>Reads and validates the routes of a receiver and the labels that make its groups. Names of labels that no alert has are fine.</summary>
internal static class RouteReader
{
    private const int NameCharacters = 64;
    private const int ValueCharacters = 512;

    /// <summary>Reads the routes.</summary>
    public static IReadOnlyList<AlertRoute> Read(MemberReader members, FieldErrors fields)
    {
        if (members.Find("routes") is not { } value)
        {
            return [];
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            fields.Add("routes", "routes must be a list of objects.");
            return [];
        }

        if (value.GetArrayLength() > AlertReceiver.MaxRoutes)
        {
            fields.Add("routes", $"routes has {value.GetArrayLength()} items; at most {AlertReceiver.MaxRoutes} are accepted.");
            return [];
        }

        var routes = new List<AlertRoute>();
        foreach (var (index, item) in value.EnumerateArray().Index())
        {
            var inner = fields.In("routes").In(FormattableString.Invariant($"{index}"));
            if (MemberReader.Begin(item, inner) is { } route)
            {
                routes.Add(new(Severity(route, "severity"), Severity(route, "min_severity"), ReadLabels(route, inner)));
            }
        }

        return routes;
    }

    /// <summary>Reads the names of the labels that make groups; <see langword="null"/> when they are missing.</summary>
    public static IReadOnlyList<string>? ReadGroupBy(MemberReader members, FieldErrors fields)
    {
        var names = EmailReader.ReadTexts(members, fields, "group_by");
        if (names?.Count > AlertReceiver.MaxLabels)
        {
            fields.Add("group_by", $"group_by has {names.Count} names; at most {AlertReceiver.MaxLabels} are accepted.");
        }
        else if (names?.FirstOrDefault(name => name.Length is 0 or > NameCharacters) is not null)
        {
            fields.Add("group_by", $"group_by must contain names of labels with 1 to {NameCharacters} characters.");
        }

        return names is null ? null : [.. names.Distinct(StringComparer.Ordinal)];
    }

    private static AlertSeverity? Severity(MemberReader route, string name)
    {
        if (route.Text(name) is not { } text)
        {
            return null;
        }

        var severity = AlertSeverities.Parse(text);
        if (severity is null)
        {
            route.AddError(name, $"{name} must be one of {string.Join(", ", AlertSeverities.WireNames)}.");
        }

        return severity;
    }

    private static Dictionary<string, string> ReadLabels(MemberReader route, FieldErrors fields)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (route.Object("labels") is not { } given)
        {
            return labels;
        }

        int count = given.Members.Count();
        if (count > AlertReceiver.MaxLabels)
        {
            fields.Add("labels", FormattableString.Invariant($"labels has {count} members; at most {AlertReceiver.MaxLabels} are accepted."));
            return labels;
        }

        foreach (var member in given.Members)
        {
            if (member.Value.ValueKind != JsonValueKind.String || !MemberReader.TryGetString(member.Value, out string value)
                || value.Length is 0 or > ValueCharacters || member.Name.Length is 0 or > NameCharacters)
            {
                fields.Add("labels", $"labels must have names of 1 to {NameCharacters} characters, and strings of 1 to {ValueCharacters} characters as values.");
                return labels;
            }

            labels[member.Name] = value;
        }

        return labels;
    }
}
