using System.Text;

namespace PerfPortal.Domain.Models.Downloads.Transport;

/// <summary>What is sent along to one server, and to no other. Kept in memory only.</summary>
/// <param name="Origin">The server: scheme, host and port count.</param>
/// <param name="Authorization">The value of the Authorization header, or <see langword="null"/>.</param>
/// <param name="Headers">Further headers.</param>
internal sealed record SourceCredentials(Uri Origin, string? Authorization, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Whether there is anything to send.</summary>
    public bool IsEmpty => Authorization is null && Headers.Count == 0;

    /// <summary>Adds them to a request, if it goes to their server.</summary>
    public void AddTo(HttpRequestMessage request)
    {
        if (!SafeUrl.IsSameOrigin(request.RequestUri!, Origin))
        {
            return;
        }

        foreach (var (name, value) in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (Authorization is not null)
        {
            request.Headers.Remove("Authorization");
            request.Headers.TryAddWithoutValidation("Authorization", Authorization);
        }
    }

    /// <summary>The Authorization header for the user and password in an address, or <see langword="null"/>.</summary>
    public static string? BasicOf(Uri uri) =>
        uri.UserInfo.Length == 0 ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri.UserInfo)));

    // A record prints its members.
    /// <inheritdoc/>
    public override string ToString() => $"credentials for {Origin.Host}";
}
