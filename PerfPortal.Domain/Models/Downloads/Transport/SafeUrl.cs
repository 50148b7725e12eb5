namespace PerfPortal.Domain.Models.Downloads.Transport;

/// <summary>Addresses without what may be a credential.</summary>
internal static class SafeUrl
{
    private static readonly string[] SecretWords = ["token", "sig", "key", "secret", "pass", "pwd", "ticket", "access", "sas", "credential", "auth", "policy", "session", "code", "jwt"];

    // Only what is known to be harmless: a list of what is secret is never complete.
    private static readonly HashSet<string> HarmlessNames = new(
        ["download", "dl", "raw", "inline", "lfs", "revision", "rev", "ref", "ref_type", "branch", "tag", "commit", "version", "path", "file", "filename", "name", "format", "type", "variant", "part"],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>For messages, logs and reports: without user, query and fragment.</summary>
    public static string ForReports(Uri uri) => uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>For the state on disk: without user and fragment, and without the values of query parameters that may be secrets.</summary>
    public static string ForDisk(Uri uri) => ForReports(uri) + Query(uri);

    /// <summary>For a file that may be passed on: without user and fragment, and with the query only if each parameter of it is known to be harmless.</summary>
    public static string ForOthers(Uri uri) => uri.UserInfo.Length == 0 && Parameters(uri).All(parameter => HarmlessNames.Contains(parameter.Split('=')[0])) ? ForDisk(uri) : ForReports(uri);

    /// <summary>Whether <see cref="ForDisk"/> leaves out something that a request needs.</summary>
    public static bool HasSecret(Uri uri) => uri.UserInfo.Length > 0 || Parameters(uri).Any(IsSecret);

    /// <summary>Whether two addresses are the same server: scheme, host and port.</summary>
    public static bool IsSameOrigin(Uri one, Uri other) =>
        string.Equals(one.Scheme, other.Scheme, StringComparison.OrdinalIgnoreCase) && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase) && one.Port == other.Port;

    /// <summary>Whether it is an absolute http or https address with a host.</summary>
    public static bool IsWeb(Uri uri) => uri is { IsAbsoluteUri: true, Scheme: "http" or "https", Host.Length: > 0 };

    private static string Query(Uri uri)
    {
        string kept = string.Join('&', Parameters(uri).Where(parameter => !IsSecret(parameter)));
        return kept.Length == 0 ? "" : "?" + kept;
    }

    private static string[] Parameters(Uri uri) => uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries);

    private static bool IsSecret(string parameter)
    {
        string name = parameter.Split('=')[0];
        return SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
    }
}
