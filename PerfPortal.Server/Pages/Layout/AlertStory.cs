using MudBlazor;
using PerfPortal.Domain.Alerts;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Domain.Text;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>What a page tells about alerts that began to fire or are over.</summary>
/// <param name="Text">The words.</param>
/// <param name="Path">The page to open.</param>
/// <param name="Link">The words of the link to it.</param>
/// <param name="Look">How it looks.</param>
internal sealed record AlertStory(string Text, string Path, string Link, Severity Look)
{
    private const int MostAtOnce = 3;

    /// <summary>Returns what to tell: one story for each alert, or one about all when there are many.</summary>
    /// <param name="news">The alerts.</param>
    /// <param name="now">The present, UTC.</param>
    /// <param name="localize">Puts the times of a sentence in the user's time zone.</param>
    public static IReadOnlyList<AlertStory> Of(IReadOnlyList<Alert> news, DateTimeOffset now, Func<string, string> localize) => news.Count > MostAtOnce
        ? [OfMany(news)]
        : [.. news.Select(alert => new AlertStory($"{Word(alert)}: {alert.RuleName}. {localize(AlertWords.Sentence(alert, now))}", $"/alerts/{alert.Id}", "View alert", LookOf(alert)))];

    private static AlertStory OfMany(IReadOnlyList<Alert> news)
    {
        int ended = news.Count(IsEnded);
        int begun = news.Count(alert => alert.State != AlertState.Resolved);
        int resolved = news.Count - ended - begun;
        var parts = new (int Count, string Verb)[] { (begun, "began to fire"), (resolved, "resolved"), (ended, "ended without being resolved") }.Where(part => part.Count > 0)
            .Select((part, index) => $"{Format.Count(part.Count)}{(index > 0 ? "" : part.Count == 1 ? " alert" : " alerts")} {part.Verb}");
        return new(string.Join(", ", parts) + ".", "/alerts", "View alerts", begun > 0 ? Severity.Warning : resolved > 0 ? Severity.Success : Severity.Info);
    }

    private static string Word(Alert alert) => IsEnded(alert) ? "Ended" : alert.State == AlertState.Resolved ? "Resolved" : alert.Severity.ToString();

    /// <summary>Its rule or its source is gone, and the problem may last.</summary>
    private static bool IsEnded(Alert alert) => alert is { State: AlertState.Resolved, EndReason: not null };

    private static Severity LookOf(Alert alert) => alert switch
    {
        { State: AlertState.Resolved } => IsEnded(alert) ? Severity.Info : Severity.Success,
        { Severity: AlertSeverity.Critical } => Severity.Error,
        { Severity: AlertSeverity.Warning } => Severity.Warning,
        _ => Severity.Info,
    };
}
