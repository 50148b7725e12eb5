using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Text;
using PerfPortal.Server.Alerts.Dispatch;

namespace PerfPortal.Server.Pages.Alerts;

/// <summary>Receivers in words.</summary>
internal static class ReceiverWords
{
    /// <summary>What messages lack without a public address.</summary>
    public const string NoLinks = "Messages have no links to the portal: set PerfPortal:PublicUrl to its address.";

    /// <summary>The title of a kind.</summary>
    public static string Title(ReceiverKind kind) => kind switch
    {
        ReceiverKind.Teams => "Microsoft Teams",
        ReceiverKind.Email => "E-mail",
        _ => kind.ToString(),
    };

    /// <summary>Where a receiver is reached.</summary>
    public static string Address(AlertReceiver receiver) =>
        receiver.Email is { } mail ? $"{string.Join(", ", mail.To)} through {mail.Host}" : receiver.Url?.AbsoluteUri ?? receiver.MaskedUrl ?? Format.None;

    /// <summary>What a receiver receives.</summary>
    public static string Routes(AlertReceiver receiver) => receiver.Routes.Count == 0 ? "all alerts" : "alerts with " + string.Join(", or ", receiver.Routes.Select(Route));

    /// <summary>When a receiver is told.</summary>
    public static string Times(AlertReceiver receiver) =>
        $"First message after {AlertLooks.Period(receiver.GroupWait)}, "
        + (receiver.RepeatInterval > TimeSpan.Zero ? $"repeated every {AlertLooks.Period(receiver.RepeatInterval)}" : "never repeated")
        + $", at most {Format.Count(receiver.MaxMessagesPerHour)} an hour.";

    /// <summary>What a receiver answered to a test.</summary>
    public static string Answer(TestResult result)
    {
        string verb = result.Answer.Outcome switch
        {
            DeliveryOutcome.Accepted => "Accepted",
            DeliveryOutcome.Refused => "Refused",
            DeliveryOutcome.Unavailable => "Not reached",
            _ => "Failed",
        };
        return $"{verb} in {Format.Duration(result.Elapsed)}: {result.Answer.Text}";
    }

    private static string Route(AlertRoute route)
    {
        var parts = new List<string>();
        if (route.Severity is { } severity)
        {
            parts.Add($"severity {severity.ToString().ToLowerInvariant()}");
        }

        if (route.MinSeverity is { } least)
        {
            parts.Add($"severity {least.ToString().ToLowerInvariant()} or more");
        }

        if (route.Labels.Count > 0)
        {
            parts.Add(AlertLooks.Labels(route.Labels));
        }

        return parts.Count == 0 ? "any severity" : string.Join(" and ", parts);
    }
}
