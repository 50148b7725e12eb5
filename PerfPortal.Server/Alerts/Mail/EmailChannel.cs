using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Alerts.Channels;
using PerfPortal.Server.Alerts.Guard;
using PerfPortal.Server.Alerts.Receivers;

namespace PerfPortal.Server.Alerts.Mail;

/// <summary>Sends messages by e-mail.</summary>
internal sealed class EmailChannel(TargetGuard guard) : IAlertChannel
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public ReceiverKind Kind => ReceiverKind.Email;

    /// <summary>Judges the server's certificate; by default as the system does.</summary>
    internal RemoteCertificateValidationCallback? CertificateCheck { get; init; }

    /// <inheritdoc/>
    public async Task<DeliveryAnswer> SendAsync(AlertReceiver receiver, ReceiverSecret secret, AlertMessage message, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            return await SendAsync(receiver.Email!, secret, message, limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            var answer = Judge(exception);
            return answer with { Text = AnswerText.Clean(answer.Text, secret) };
        }
    }

    private async Task<DeliveryAnswer> SendAsync(EmailAddressing addressing, ReceiverSecret secret, AlertMessage message, CancellationToken cancellationToken)
    {
        using var mail = MailComposer.Compose(addressing, message);
        using var client = new MailClient { CheckCertificateRevocation = false };
        if (CertificateCheck is not null)
        {
            client.ServerCertificateValidationCallback = CertificateCheck;
        }

        await using var stream = await guard.ConnectAsync(addressing.Host, addressing.Port, cancellationToken).ConfigureAwait(false);
        await client.ConnectAsync(stream, addressing.Host, addressing.Port, OptionOf(addressing.Security), cancellationToken).ConfigureAwait(false);
        if (addressing.User is { Length: > 0 } user)
        {
            await client.AuthenticateAsync(user, secret.Secret ?? "", cancellationToken).ConfigureAwait(false);
        }

        string response = await client.SendAsync(mail, cancellationToken).ConfigureAwait(false);
        string refused = client.Refused.Count == 0 ? "" : $" Not accepted: {string.Join("; ", client.Refused)}";
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ProtocolException or CommandException or OperationCanceledException)
        {
            // The server has the message.
        }

        return new(DeliveryOutcome.Accepted, AnswerText.Clean($"250 {response}{refused}", secret), 250);
    }

    private static SecureSocketOptions OptionOf(SmtpSecurity security) => security switch
    {
        SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        SmtpSecurity.None => SecureSocketOptions.None,
        _ => SecureSocketOptions.StartTls,
    };

    private static DeliveryAnswer Judge(Exception exception) => exception switch
    {
        TargetRefusedException refused => new(DeliveryOutcome.Refused, refused.Message),
        SmtpCommandException command => new(
            (int)command.StatusCode >= 500 ? DeliveryOutcome.Refused : DeliveryOutcome.Failed,
            string.Create(CultureInfo.InvariantCulture, $"{(int)command.StatusCode} {command.Message}"), (int)command.StatusCode),
        AuthenticationException => new(DeliveryOutcome.Refused, $"The server did not accept user and password: {exception.Message}"),
        NotSupportedException => new(DeliveryOutcome.Refused, $"The server does not offer what the receiver asks for: {exception.Message}"),
        SslHandshakeException => new(DeliveryOutcome.Unavailable, $"The connection could not be secured: {exception.Message}"),
        OperationCanceledException => new(DeliveryOutcome.Unavailable, string.Create(CultureInfo.InvariantCulture, $"There was no answer within {Limit.TotalSeconds:0} s.")),
        IOException or SocketException or ProtocolException => new(DeliveryOutcome.Unavailable, $"The connection failed: {exception.Message}"),
        _ => new(DeliveryOutcome.Failed, $"The message could not be sent: {exception.Message}"),
    };

    /// <summary>Sends to the recipients that the server accepts; it fails only when there is none.</summary>
    private sealed class MailClient : SmtpClient
    {
        public List<string> Refused { get; } = [];

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
            Refused.Add(string.Create(CultureInfo.InvariantCulture, $"{mailbox.Address} ({(int)response.StatusCode} {response.Response})"));

        protected override void OnNoRecipientsAccepted(MimeMessage message) =>
            throw new SmtpCommandException(SmtpErrorCode.RecipientNotAccepted, SmtpStatusCode.MailboxUnavailable, string.Join("; ", Refused));
    }
}
