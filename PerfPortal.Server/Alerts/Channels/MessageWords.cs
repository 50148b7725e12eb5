using System.Globalization;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Rules;

namespace PerfPortal.Server.Alerts.Channels;

/// <summary>The words that all kinds of receivers share.</summary>
internal static class MessageWords
{
    private const int MaxTitle = 140;

    /// <summary>One line: how many alerts fire, and which.</summary>
    public static string Title(AlertMessage message)
    {
        if (message.IsTest)
        {
            return "Test message from PerfPortal";
        }

        int firing = message.Alerts.Count(alert => alert.EndsAt is null);
        int resolved = message.Alerts.Count - firing;
        if (message.Alerts is [var only] && message.Truncated == 0)
        {
            return Cut($"{(firing > 0 ? $"{Name(only.Severity)}" : "Resolved")}: {only.RuleName}{Subject(only)}");
        }

        string names = string.Join(", ", message.Alerts.Select(alert => alert.RuleName).Distinct(StringComparer.Ordinal).Take(3));
        string more = message.Truncated > 0 ? string.Create(CultureInfo.InvariantCulture, $", {message.Truncated} more") : "";
        string counts = string.Create(CultureInfo.InvariantCulture, $"{(firing > 0 ? $"{firing} firing" : "")}{(firing > 0 && resolved > 0 ? ", " : "")}{(resolved > 0 ? $"{resolved} resolved" : "")}{more}");
        return Cut($"{(message.IsDigest ? "Digest: " : "")}{counts}: {names}");
    }

    /// <summary>The state of an alert in a message, such as <c>Critical</c>, <c>Resolved</c> or <c>Critical, no data</c>.</summary>
    public static string State(AlertNotice alert) =>
        alert.EndsAt is not null ? "Resolved" : Name(alert.Severity) + (alert.HasNoData ? ", no data" : "") + (alert.IsFlapping ? ", flapping" : "");

    /// <summary>What follows the sentence: probable cause, the last time, and the note.</summary>
    public static IEnumerable<(string Name, string Text)> Details(AlertNotice alert)
    {
        if (alert.EndsAt is null && alert.Cause is { } cause)
        {
            yield return ("Probable cause", cause.Text);
        }

        if (alert.EndsAt is null && alert.Explanation?.Running is { Count: > 0 } running)
        {
            yield return (running.All(one => one.EndedAt is null) ? "Running" : "Ran before", string.Join(", ", running.Take(3).Select(Words)));
        }

        if (alert.EndsAt is null && alert.Explanation?.LastTime is { Length: > 0 } last)
        {
            yield return ("Last time", last);
        }

        if (!string.IsNullOrWhiteSpace(alert.Note))
        {
            yield return ("Note", alert.Note);
        }
    }

    /// <summary>When the message was written, which can be long before it arrives, and how many alerts it leaves out.</summary>
    public static string Footer(AlertMessage message)
    {
        string more = message.Truncated > 0 ? string.Create(CultureInfo.InvariantCulture, $"{message.Truncated} more alerts are not listed. ") : "";
        string digest = message.IsDigest ? "There are more alerts than single messages allowed for this receiver; this message covers all of them. " : "";
        return $"{digest}{more}PerfPortal, {message.ComposedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC";
    }

    /// <summary>The colour of a message: of its most severe alert that fires, or green.</summary>
    public static string Color(AlertMessage message) => !message.IsFiring ? "#2e7d32" : message.Alerts.Where(alert => alert.EndsAt is null).Max(alert => alert.Severity) switch
    {
        AlertSeverity.Critical => "#c62828",
        AlertSeverity.Warning => "#ef6c00",
        _ => "#1565c0",
    };

    /// <summary>Cuts a text at a number of characters, without splitting a surrogate pair.</summary>
    public static string Cut(string text, int max = MaxTitle) =>
        text.Length <= max ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[max - 2]) ? max - 2 : max - 1), "…");

    private static string Words(RunningOperation one)
    {
        string[] notes =
        [
            .. one.Share is { } share ? [string.Create(CultureInfo.InvariantCulture, $"{share * 100:0} %")] : Array.Empty<string>(),
            .. one.EndedAt is { } ended ? [$"ended {ended.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC"] : Array.Empty<string>(),
        ];
        return one.Operation.Name + (notes.Length > 0 ? $" ({string.Join(", ", notes)})" : "");
    }

    private static string Name(AlertSeverity severity) => severity.ToString();

    private static string Subject(AlertNotice alert)
    {
        string name = alert.Labels.GetValueOrDefault(AlertLabels.Name) ?? alert.Labels.GetValueOrDefault(AlertLabels.Part) ?? "";
        string source = alert.Labels.GetValueOrDefault(AlertLabels.Source) ?? "";
        return (name.Length > 0 ? " – " + name : "") + (source.Length > 0 ? " on " + source : "");
    }
}
