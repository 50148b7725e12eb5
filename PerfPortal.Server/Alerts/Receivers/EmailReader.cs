using MimeKit;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Server.Intake;

namespace PerfPortal.Server.Alerts.Receivers;

/// <summary>Reads and validates what a receiver of kind email needs. Control characters are refused everywhere: they could add headers.</summary>
internal sealed class EmailReader(MemberReader members, FieldErrors fields)
{
    /// <summary>Reads the members; they must be complete only if the receiver is of kind email.</summary>
    public EmailAddressing? Read(bool isWanted)
    {
        string? host = members.Text("smtp_host", ReceiverReport.HostCharacters)?.Trim();
        int? port = ReceiverReader.Whole(members, fields, "smtp_port", 1, 65535);
        var security = ReadSecurity();
        string? user = members.Text("smtp_user", ReceiverReport.HostCharacters);
        string? from = members.Text("from", ReceiverReport.AddressCharacters)?.Trim();
        var to = ReadTexts(members, fields, "to");
        if (!isWanted)
        {
            return null;
        }

        CheckHost(host);
        if (user is { Length: > 0 } && user.Any(char.IsControl))
        {
            fields.Add("smtp_user", "smtp_user must not contain control characters.");
        }
        else if (user is { Length: > 0 } && security == SmtpSecurity.None)
        {
            fields.Add("smtp_security", "smtp_security must be starttls or tls with a user: the password would be sent in clear text.");
        }

        CheckSender(from);
        CheckRecipients(to);
        int standard = security switch
        {
            SmtpSecurity.Tls => 465,
            SmtpSecurity.None => 25,
            _ => 587,
        };
        return new(host ?? "", port ?? standard, security, string.IsNullOrEmpty(user) ? null : user, from ?? "", to ?? []);
    }

    /// <summary>Reads a list of strings; <see langword="null"/> when it is missing.</summary>
    internal static List<string>? ReadTexts(MemberReader members, FieldErrors fields, string name)
    {
        if (members.Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind != System.Text.Json.JsonValueKind.Array)
        {
            fields.Add(name, $"{name} must be a list of strings.");
            return null;
        }

        var texts = new List<string>();
        foreach (var item in value.EnumerateArray())
        {
            if (item.ValueKind != System.Text.Json.JsonValueKind.String || !MemberReader.TryGetString(item, out string text))
            {
                fields.Add(name, $"{name} must be a list of strings.");
                return null;
            }

            texts.Add(text.Trim());
        }

        return texts;
    }

    private SmtpSecurity ReadSecurity()
    {
        if (members.Text("smtp_security") is not { } name)
        {
            return SmtpSecurity.StartTls;
        }

        int index = SmtpSecurities.WireNames.ToList().IndexOf(name);
        if (index < 0)
        {
            fields.Add("smtp_security", $"smtp_security must be one of {string.Join(", ", SmtpSecurities.WireNames)}.");
            return SmtpSecurity.StartTls;
        }

        return (SmtpSecurity)(index + 1);
    }

    private void CheckHost(string? host)
    {
        if (string.IsNullOrEmpty(host))
        {
            fields.AddMissing("smtp_host");
        }
        else if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
        {
            fields.Add("smtp_host", "smtp_host must be a host name or an address, without a scheme and a port.");
        }
    }

    private void CheckSender(string? from)
    {
        if (string.IsNullOrEmpty(from))
        {
            fields.AddMissing("from");
        }
        else if (!IsAddress(from))
        {
            fields.Add("from", "from must be an e-mail address, such as perfportal@example.com.");
        }
    }

    private void CheckRecipients(List<string>? to)
    {
        if (to is null or [])
        {
            fields.AddMissing("to");
        }
        else if (to.Count > AlertReceiver.MaxRecipients)
        {
            fields.Add("to", $"to has {to.Count} addresses; at most {AlertReceiver.MaxRecipients} are accepted.");
        }
        else if (to.FirstOrDefault(address => !IsAddress(address)) is { } wrong)
        {
            fields.Add("to", $"to contains \"{Shown(wrong)}\", which is not an e-mail address.");
        }
    }

    private static bool IsAddress(string text) =>
        text.Length <= ReceiverReport.AddressCharacters && !text.Any(char.IsControl) && MailboxAddress.TryParse(text, out var address)
        && address.Address.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < address.Address.Length - 1 && !address.Address.Any(c => char.IsWhiteSpace(c) || c is ',' or ';');

    private static string Shown(string text) => string.Concat(text.Where(c => !char.IsControl(c)).Take(60));
}
