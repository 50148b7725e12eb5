using System.Net;
using System.Text;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Channels;

namespace PerfPortal.Server.Alerts.Mail;

/// <summary>Writes a message as plain text and as HTML. Styles are inline and simple, because mail clients drop others.</summary>
internal static class MailText
{
    /// <summary>The plain text.</summary>
    public static string Plain(AlertMessage message)
    {
        var text = new StringBuilder();
        foreach (var alert in message.Alerts)
        {
            text.Append(alert.RuleName).Append(" (").Append(MessageWords.State(alert)).AppendLine(")").AppendLine(alert.Sentence);
            if (Chart(alert) is { } line)
            {
                text.Append("Last hour: ").AppendLine(line);
            }

            foreach (var (name, detail) in MessageWords.Details(alert))
            {
                text.Append(name).Append(": ").AppendLine(detail);
            }

            if (alert.Link is { } link)
            {
                text.AppendLine(link.AbsoluteUri);
            }

            text.AppendLine();
        }

        return text.Append("-- ").AppendLine().AppendLine(MessageWords.Footer(message)).ToString();
    }

    /// <summary>The HTML.</summary>
    public static string Html(AlertMessage message)
    {
        var html = new StringBuilder();
        html.Append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>").Append(Encode(MessageWords.Title(message)))
            .Append("</title></head><body style=\"font-family:Segoe UI,Helvetica,Arial,sans-serif;font-size:15px;color:#212121;margin:0;padding:16px\">")
            .Append("<h1 style=\"font-size:18px;margin:0 0 12px;padding-left:10px;border-left:6px solid ").Append(MessageWords.Color(message)).Append("\">")
            .Append(Encode(MessageWords.Title(message))).Append("</h1>");
        foreach (var alert in message.Alerts)
        {
            Write(html, alert);
        }

        return html.Append("<p style=\"font-size:12px;color:#616161\">").Append(Encode(MessageWords.Footer(message))).Append("</p></body></html>").ToString();
    }

    private static void Write(StringBuilder html, AlertNotice alert)
    {
        html.Append("<h2 style=\"font-size:15px;margin:16px 0 4px\">");
        html.Append(alert.Link is { } link ? $"<a href=\"{Encode(link.AbsoluteUri)}\">{Encode(alert.RuleName)}</a>" : Encode(alert.RuleName));
        html.Append(" (").Append(Encode(MessageWords.State(alert))).Append(")</h2><p style=\"margin:0 0 6px\">").Append(Encode(alert.Sentence)).Append("</p>");
        if (Chart(alert) is { } line)
        {
            html.Append("<p style=\"margin:0 0 6px;color:#616161\">Last hour <span style=\"font-family:Consolas,Menlo,monospace;white-space:pre;color:#1565c0\">").Append(Encode(line)).Append("</span></p>");
        }

        var details = MessageWords.Details(alert).ToList();
        if (details.Count > 0)
        {
            html.Append("<table style=\"border-collapse:collapse\">");
            foreach (var (name, detail) in details)
            {
                html.Append("<tr><td style=\"padding:2px 12px 2px 0;color:#616161;vertical-align:top\">").Append(Encode(name)).Append("</td><td style=\"padding:2px 0\">")
                    .Append(Linked(detail)).Append("</td></tr>");
            }

            html.Append("</table>");
        }
    }

    private static string? Chart(AlertNotice alert) => alert.EndsAt is null ? MailChart.Line(alert) : null;

    /// <summary>A note is often nothing but the address of a runbook.</summary>
    private static string Linked(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var link) && (link.Scheme == Uri.UriSchemeHttp || link.Scheme == Uri.UriSchemeHttps) && !text.Contains(' ', StringComparison.Ordinal)
            ? $"<a href=\"{Encode(link.AbsoluteUri)}\">{Encode(text)}</a>"
            : Encode(text);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
