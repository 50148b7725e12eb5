using System.Text.Json;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>
/// What a browser remembers about its reader. The browser keeps it in its local storage and repeats it in a cookie, so that the
/// first, prerendered page is already right. It holds nothing secret and is never trusted: every value is checked.
/// </summary>
/// <param name="Theme"><c>system</c>, <c>light</c> or <c>dark</c>.</param>
/// <param name="Shown">What <c>system</c> meant when the cookie was written: <c>light</c> or <c>dark</c>.</param>
/// <param name="Clock"><c>local</c> or <c>utc</c>.</param>
/// <param name="Zone">The browser's time zone, by its IANA name.</param>
/// <param name="Rail"><c>wide</c> or <c>narrow</c>.</param>
/// <param name="View">The last range and source, as a query string.</param>
public sealed record SavedPreferences(
    string Theme = "system", string Shown = "light", string Clock = "local", string? Zone = null, string Rail = "wide", string? View = null)
{
    /// <summary>The cookie's name.</summary>
    public const string CookieName = "perfportal";

    private const int MaxCookieLength = 2000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The theme that the first paint uses.</summary>
    public string ResolvedTheme => Theme is "light" or "dark" ? Theme : Shown;

    /// <summary>Reads the cookie (URL-encoded JSON); whatever is missing, unknown or broken is the default.</summary>
    public static SavedPreferences FromCookie(string? cookie)
    {
        if (string.IsNullOrEmpty(cookie) || cookie.Length > MaxCookieLength)
        {
            return new SavedPreferences();
        }

        try
        {
            var read = JsonSerializer.Deserialize<SavedPreferences>(Uri.UnescapeDataString(cookie), Json) ?? new SavedPreferences();
            return new SavedPreferences(
                OneOf(read.Theme, "system", "light", "dark"), OneOf(read.Shown, "light", "dark"), OneOf(read.Clock, "local", "utc"),
                read.Zone, OneOf(read.Rail, "wide", "narrow"), read.View);
        }
        catch (JsonException)
        {
            return new SavedPreferences();
        }
    }

    private static string OneOf(string? value, params ReadOnlySpan<string> allowed) => value is not null && allowed.Contains(value) ? value : allowed[0];
}
