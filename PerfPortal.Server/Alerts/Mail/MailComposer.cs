using System.Text;
using MimeKit;
using MimeKit.Text;
using MimeKit.Utils;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Server.Alerts.Channels;

namespace PerfPortal.Server.Alerts.Mail;

/// <summary>
/// Writes a message as e-mail: plain text and HTML, with the charts of the first alerts attached. The message ID comes from the key, so that a mailbox shows a repetition once, and the
/// messages of a group form a thread.
/// </summary>
internal static class MailComposer
{
    private const int MaxCharts = 5;

    /// <summary>Composes the e-mail of a message.</summary>
    public static MimeMessage Compose(EmailAddressing addressing, AlertMessage message)
    {
        var from = MailboxAddress.Parse(addressing.From);
        string domain = from.Domain is { Length: > 0 } named ? named : "perfportal.invalid";
        var mail = new MimeMessage
        {
            Subject = $"{(message.IsTest ? "" : message.IsFiring ? "[FIRING] " : "[RESOLVED] ")}{OneLine(MessageWords.Title(message))}",
            Date = message.ComposedAt,
            MessageId = $"{message.Key}@{domain}",
            Priority = message.Alerts.Any(alert => alert.EndsAt is null && alert.Severity == AlertSeverity.Critical) ? MessagePriority.Urgent : MessagePriority.Normal,
        };
        mail.From.Add(from);
        mail.To.AddRange(addressing.To.Select(MailboxAddress.Parse));
        string thread = $"group-{message.GroupKey}@{domain}";
        mail.InReplyTo = thread;
        mail.References.Add(thread);
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Headers.Add("X-PerfPortal-Key", message.Key);
        mail.Body = Body(message);
        return mail;
    }

    private static MimeEntity Body(AlertMessage message)
    {
        var alternatives = new MultipartAlternative
        {
            new TextPart(TextFormat.Plain) { Text = MailText.Plain(message), ContentTransferEncoding = ContentEncoding.QuotedPrintable },
            new TextPart(TextFormat.Html) { Text = MailText.Html(message), ContentTransferEncoding = ContentEncoding.QuotedPrintable },
        };
        var charts = message.Alerts.Where(alert => alert.EndsAt is null).Select(MailChart.Svg).OfType<string>().Take(MaxCharts).ToList();
        if (charts.Count == 0)
        {
            return alternatives;
        }

        var mixed = new Multipart("mixed") { alternatives };
        for (int i = 0; i < charts.Count; i++)
        {
            string name = FormattableString.Invariant($"chart-{i + 1}.svg");
            mixed.Add(new MimePart("image", "svg+xml")
            {
                Content = new MimeContent(new MemoryStream(Encoding.UTF8.GetBytes(charts[i]))),
                ContentDisposition = new(ContentDisposition.Attachment),
                ContentTransferEncoding = ContentEncoding.Base64,
                ContentId = $"{name}.{message.Key}@perfportal",
                FileName = name,
            });
        }

        return mixed;
    }

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
