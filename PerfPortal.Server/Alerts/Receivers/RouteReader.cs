using System.Text.Json;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Alerts.Receivers;

/// <summary>Reads and validates the routes of a receiver and the labels that make its groups. Names of labels that no alert has are fine; names that none can have are not.</summary>
internal static class RouteReader
{
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
                route.RejectOthers(WireMembers.Of<RouteReport>());
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
        else if (names?.FirstOrDefault(name => !LabelCheck.IsName(name)) is { } wrong)
        {
            fields.Add("group_by", $"group_by contains \"{LabelCheck.Shown(wrong)}\", which no label can be called: a name has 1 to {LabelCheck.NameCharacters} letters, digits and underscores, and does not begin with a digit.");
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
            fields.Add("labels", $"labels has {Format.Count((long)count)} members; at most {AlertReceiver.MaxLabels} are accepted.");
            return labels;
        }

        foreach (var member in given.Members)
        {
            if (member.Value.ValueKind != JsonValueKind.String || !MemberReader.TryGetString(member.Value, out string value)
                || value.Length is 0 or > ValueCharacters || !LabelCheck.IsName(member.Name))
            {
                fields.Add("labels", $"labels must have names of 1 to {LabelCheck.NameCharacters} letters, digits and underscores, not beginning with a digit, and strings of 1 to {ValueCharacters} characters as values; \"{LabelCheck.Shown(member.Name)}\" has not.");
                return labels;
            }

            labels[member.Name] = value;
        }

        return labels;
    }
}
