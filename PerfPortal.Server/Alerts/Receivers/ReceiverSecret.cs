using System.Text.Json.Serialization;

namespace PerfPortal.Server.Alerts.Receivers;

/// <summary>The secrets of a receiver. Not a record, so that <c>ToString</c> reveals nothing.</summary>
internal sealed class ReceiverSecret
{
    /// <summary>Shorter texts are too frequent in ordinary text to be replaced everywhere.</summary>
    private const int MinHidden = 4;
    private const int MinHiddenPart = 8;

    /// <summary>No secrets.</summary>
    public static readonly ReceiverSecret None = new();

    /// <summary>The address, when it contains a secret.</summary>
    public string? Url { get; init; }

    /// <summary>The key that signs webhook messages, or the password of an SMTP server.</summary>
    public string? Secret { get; init; }

    /// <summary>The token that is sent as <c>Authorization: Bearer</c>.</summary>
    public string? Token { get; init; }

    /// <summary>Whether there are none.</summary>
    [JsonIgnore]
    public bool IsEmpty => Url is null && Secret is null && Token is null;

    /// <summary>The texts that must not appear in anything that people read: the secrets, and the parts of an address that can be one.</summary>
    [JsonIgnore]
    public IEnumerable<string> Texts
    {
        get
        {
            foreach (string? text in new[] { Url, Secret, Token })
            {
                if (text is { Length: >= MinHidden })
                {
                    yield return text;
                }
            }

            if (Url is not null && Uri.TryCreate(Url, UriKind.Absolute, out var url))
            {
                string[] parts = [url.PathAndQuery, .. url.PathAndQuery.Split(['/', '?', '&', '='], StringSplitOptions.RemoveEmptyEntries)];
                foreach (string part in parts.Where(part => part.Length >= MinHiddenPart))
                {
                    yield return part;
                }
            }
        }
    }
}
