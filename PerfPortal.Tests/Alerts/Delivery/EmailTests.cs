using MimeKit;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Server.Alerts.Mail;
using PerfPortal.Server.Alerts.Receivers;
using Xunit;
using static PerfPortal.Tests.Alerts.Delivery.Messages;

namespace PerfPortal.Tests.Alerts.Delivery;

public sealed class EmailTests : IAsyncLifetime
{
    private readonly MailServer _server = MailServer.Start();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Mail_arrives_over_STARTTLS_with_authentication_as_text_HTML_and_charts()
    {
        var message = Message(Alert(severity: AlertSeverity.Critical).Explained());
        var answer = await SendAsync(message);
        Assert.True(answer.Outcome == DeliveryOutcome.Accepted, answer.Text);
        Assert.StartsWith("250", answer.Text, StringComparison.Ordinal);
        Assert.Equal(("portal", "pass-word-1", true), Assert.Single(_server.Logins));
        var mail = Assert.Single(_server.Mails);
        Assert.Equal("[FIRING] Critical: High CPU on gpu-1", mail.Subject);
        Assert.Equal($"{message.Key}@example.com", mail.MessageId);
        Assert.Equal($"group-{message.GroupKey}@example.com", Assert.Single(mail.References));
        Assert.Equal("auto-generated", mail.Headers["Auto-Submitted"]);
        Assert.Contains("96.3 %, above 80 %", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("▁", mail.TextBody, StringComparison.Ordinal);
        Assert.Contains("deploy &lt;1.4.2&gt; &amp; more", mail.HtmlBody, StringComparison.Ordinal);
        Assert.Contains("https://perf.example.com/portal/alerts/", mail.HtmlBody, StringComparison.Ordinal);
        var chart = Assert.IsType<MimePart>(Assert.Single(mail.Attachments));
        using var content = new MemoryStream();
        await chart.Content!.DecodeToAsync(content, None);
        content.Position = 0;
        Assert.Equal("svg", System.Xml.Linq.XDocument.Load(content).Root!.Name.LocalName);
    }

    [Fact]
    public async Task A_repetition_has_the_same_message_id_and_a_later_message_of_the_group_the_same_thread()
    {
        var message = Message(Alert());
        await SendAsync(message);
        await SendAsync(message);
        await SendAsync(message with { Key = "another" });
        Assert.Equal(2, _server.Mails.Select(mail => mail.MessageId).Distinct().Count());
        Assert.Single(_server.Mails.Select(mail => mail.InReplyTo).Distinct());
    }

    [Fact]
    public async Task A_wrong_password_and_a_certificate_that_is_not_trusted_are_told_without_the_password()
    {
        var answer = await SendAsync(Message(Alert()), password: "wrong-password");
        Assert.Equal(DeliveryOutcome.Refused, answer.Outcome);
        Assert.DoesNotContain("wrong-password", answer.Text, StringComparison.Ordinal);
        answer = await new EmailChannel(new(true)).SendAsync(Target(), new() { Secret = "pass-word-1" }, Message(Alert()), None);
        Assert.Equal(DeliveryOutcome.Unavailable, answer.Outcome);
        Assert.Contains("secured", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_unknown_recipient_does_not_keep_the_others_from_getting_the_mail()
    {
        _server.Unknown.Add("gone");
        var answer = await SendAsync(Message(Alert()), ["ann@example.com", "gone@example.com"]);
        Assert.Equal(DeliveryOutcome.Accepted, answer.Outcome);
        Assert.Contains("Not accepted: gone@example.com", answer.Text, StringComparison.Ordinal);
        answer = await SendAsync(Message(Alert()), ["gone@example.com"]);
        Assert.Equal(DeliveryOutcome.Refused, answer.Outcome);
        Assert.Single(_server.Mails);
    }

    [Fact]
    public async Task A_server_without_STARTTLS_never_gets_the_password()
    {
        await using var plain = MailServer.Start(isSecure: false);
        var target = Target() with { Email = Target().Email! with { Port = plain.Port } };
        var answer = await new EmailChannel(new(true)).SendAsync(target, new() { Secret = "pass-word-1" }, Message(Alert()), None);
        Assert.Equal(DeliveryOutcome.Refused, answer.Outcome);
        Assert.Contains("STARTTLS", answer.Text, StringComparison.Ordinal);
        Assert.Empty(plain.Logins);
    }

    [Fact]
    public async Task A_private_server_is_refused_unless_that_is_allowed()
    {
        var answer = await new EmailChannel(new(false)).SendAsync(Target(), ReceiverSecret.None, Message(Alert()), None);
        Assert.Equal(DeliveryOutcome.Refused, answer.Outcome);
        Assert.Contains("AllowPrivateTargets", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_subject_stays_one_line_whatever_a_rule_is_called()
    {
        var mail = MailComposer.Compose(Target().Email!, Message(Alert(rule: "a\r\nBcc: everyone@example.com")));
        using var stream = new MemoryStream();
        mail.WriteTo(stream, None);
        stream.Position = 0;
        var read = MimeMessage.Load(stream, None);
        Assert.Empty(read.Bcc);
        Assert.DoesNotContain('\n', read.Subject!);
    }

    private static CancellationToken None => TestContext.Current.CancellationToken;

    private AlertReceiver Target(IReadOnlyList<string>? to = null) => Receiver() with
    {
        Kind = ReceiverKind.Email,
        Url = null,
        Email = new("127.0.0.1", _server.Port, SmtpSecurity.StartTls, "portal", "PerfPortal <perf@example.com>", to ?? ["ann@example.com", "Bob B <bob@example.com>"]),
    };

    private Task<DeliveryAnswer> SendAsync(AlertMessage message, IReadOnlyList<string>? to = null, string password = "pass-word-1") =>
        new EmailChannel(new(true)) { CertificateCheck = (_, certificate, _, _) => certificate!.GetCertHashString() == _server.Certificate.GetCertHashString() }
            .SendAsync(Target(to), new() { Secret = password }, message, None);
}
