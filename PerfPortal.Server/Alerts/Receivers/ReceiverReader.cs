using System.Text.Json;
using PerfPortal.Domain.Alerts.Delivery;
using PerfPortal.Domain.Alerts.Rules;
using PerfPortal.Server.Intake;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Alerts.Receivers;

/// <summary>A receiver to be stored.</summary>
/// <param name="Receiver">The receiver; ID, version and what is known of its secrets are not set.</param>
/// <param name="Url">The address as given; <see langword="null"/> to keep the stored one.</param>
/// <param name="Secret">The key or password; <see langword="null"/> to keep the stored one, empty to remove it.</param>
/// <param name="Token">The token; <see langword="null"/> to keep the stored one, empty to remove it.</param>
internal sealed record ReceiverDraft(AlertReceiver Receiver, string? Url, string? Secret, string? Token);

/// <summary>Reads and validates a receiver as a client describes it; collects every mistake.</summary>
internal sealed class ReceiverReader
{
    private readonly MemberReader _members;
    private readonly FieldErrors _fields;

    private ReceiverReader(MemberReader members, FieldErrors fields) => (_members, _fields) = (members, fields);

    /// <summary>Reads a receiver; <see langword="null"/> when there are errors.</summary>
    /// <param name="element">The body.</param>
    /// <param name="existing">The receiver that it replaces, if any.</param>
    /// <param name="errors">The errors.</param>
    public static ReceiverDraft? Read(JsonElement element, AlertReceiver? existing, List<ValidationError> errors)
    {
        var draft = MemberReader.Begin(element, "", errors) is { } members ? new ReceiverReader(members, new(errors)).Read(existing) : null;
        return errors.Count > 0 ? null : draft;
    }

    private ReceiverDraft Read(AlertReceiver? existing)
    {
        _members.RejectOthers(WireMembers.Of<ReceiverReport>(), WireMembers.Of<ReceiverBody>());
        string? name = _members.Text("name", ReceiverReport.NameCharacters)?.Trim();
        if (string.IsNullOrEmpty(name))
        {
            _fields.AddMissing("name");
        }
        else if (name.Any(char.IsControl))
        {
            _fields.Add("name", "name must not contain control characters.");
        }

        var kind = ReadKind(existing);
        string? url = ReadUrl(kind, existing);
        string? secret = ReadSecret(kind);
        string? token = ReadToken(kind);
        var email = new EmailReader(_members, _fields).Read(kind == ReceiverKind.Email);
        var receiver = new AlertReceiver
        {
            Id = existing?.Id ?? "",
            Name = name ?? "",
            Kind = kind ?? ReceiverKind.Webhook,
            IsEnabled = _members.Flag("enabled") ?? true,
            Email = email,
            Routes = RouteReader.Read(_members, _fields),
            GroupBy = RouteReader.ReadGroupBy(_members, _fields) ?? [Domain.Alerts.AlertLabels.AlertName],
            GroupWait = Seconds("group_wait_seconds", 30, ReceiverReport.MaxWaitSeconds),
            GroupInterval = Seconds("group_interval_seconds", 300, ReceiverReport.MaxIntervalSeconds),
            RepeatInterval = Seconds("repeat_interval_seconds", 14_400, ReceiverReport.MaxRepeatSeconds),
            SendsResolved = _members.Flag("send_resolved") ?? true,
            MaxMessagesPerHour = Whole(_members, _fields, "max_messages_per_hour", 1, ReceiverReport.MaxPerHour) ?? 60,
        };
        if (receiver.RepeatInterval > TimeSpan.Zero && receiver.RepeatInterval.TotalSeconds < ReceiverReport.MinRepeatSeconds)
        {
            _fields.Add("repeat_interval_seconds", $"repeat_interval_seconds must be 0, for never, or at least {ReceiverReport.MinRepeatSeconds}.");
        }

        return new(receiver, url, secret, token);
    }

    private ReceiverKind? ReadKind(AlertReceiver? existing)
    {
        if (_members.Text("kind") is not { } name)
        {
            _fields.AddMissing("kind");
            return existing?.Kind;
        }

        var kind = ReceiverKinds.Parse(name);
        if (kind is null)
        {
            _fields.Add("kind", $"kind must be one of {string.Join(", ", ReceiverKinds.WireNames)}.");
        }
        else if (existing is not null && kind != existing.Kind)
        {
            _fields.Add("kind", $"kind cannot be changed from {existing.Kind.WireName()}; add another receiver instead.");
        }

        return kind;
    }

    private string? ReadUrl(ReceiverKind? kind, AlertReceiver? existing)
    {
        string? text = _members.Text("url")?.Trim();
        if (kind is null or ReceiverKind.Email)
        {
            return null;
        }

        if (string.IsNullOrEmpty(text) || text == existing?.MaskedUrl)
        {
            if (existing is null)
            {
                _fields.AddMissing("url");
            }

            return null;
        }

        _fields.CheckLength("url", text, ReceiverReport.UrlCharacters);
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || text.Any(c => char.IsControl(c) || c == ' '))
        {
            _fields.Add("url", "url must be an absolute http:// or https:// address.");
        }
        else if (url.UserInfo.Length > 0)
        {
            _fields.Add("url", "url must not contain a user name or password; use bearer_token.");
        }
        else if (url.Fragment.Length > 0)
        {
            _fields.Add("url", "url must not contain a fragment (#).");
        }

        return text;
    }

    private string? ReadSecret(ReceiverKind? kind)
    {
        string? secret = _members.Text("secret", ReceiverReport.SecretCharacters);
        if (secret is { Length: > 0 })
        {
            if (secret.Any(char.IsControl))
            {
                _fields.Add("secret", "secret must not contain control characters.");
            }
            else if (kind == ReceiverKind.Webhook && secret.Length < 8)
            {
                _fields.Add("secret", "secret must have at least 8 characters, because it signs messages.");
            }
            else if (kind is not (null or ReceiverKind.Webhook or ReceiverKind.Email))
            {
                _fields.Add("secret", "secret is for the kinds webhook and email only.");
            }
        }

        return secret;
    }

    private string? ReadToken(ReceiverKind? kind)
    {
        string? token = _members.Text("bearer_token", ReceiverReport.TokenCharacters);
        if (token is { Length: > 0 })
        {
            if (!token.All(c => c is > ' ' and < '\x7f'))
            {
                _fields.Add("bearer_token", "bearer_token must consist of printable ASCII characters without spaces.");
            }
            else if (kind is not (null or ReceiverKind.Webhook or ReceiverKind.Alertmanager))
            {
                _fields.Add("bearer_token", "bearer_token is for the kinds webhook and alertmanager only.");
            }
        }

        return token;
    }

    private TimeSpan Seconds(string name, double standard, double max)
    {
        double? value = _members.Number(name);
        return TimeSpan.FromSeconds(_fields.CheckNumber(name, value, 0, max) ? value ?? standard : standard);
    }

    /// <summary>Reads a whole number between two inclusive bounds.</summary>
    internal static int? Whole(MemberReader members, FieldErrors fields, string name, int min, int max)
    {
        double? value = members.Number(name);
        if (value is { } number && number != Math.Floor(number))
        {
            fields.Add(name, FormattableString.Invariant($"{name} must be a whole number from {min} to {max}."));
            return null;
        }

        return fields.CheckNumber(name, value, min, max) ? (int?)value : null;
    }
}
