using System.Text.Json;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>
/// The user's preferences saved by the browser in local storage and copied to a cookie, so that the prerendered page is already
/// correct. Contains no secrets and is not trusted: every value is validated.
/// </summary>
/// <param name="Theme"><c>system</c>, <c>light</c> or <c>dark</c>.</param>
/// <param name="Shown">The resolved value of <c>system</c> when the cookie was written: <c>light</c> or <c>dark</c>.</param>
/// <param name="Clock"><c>local</c> or <c>utc</c>.</param>
/// <param name="Zone">The IANA name of the browser's time zone.</param>
/// <param name="Rail"><c>wide</c> or <c>narrow</c>.</param>
/// <param name="Lang">The browser's language, such as <c>de-DE</c>, for numbers and the order of dates.</param>
/// <param name="View">The last range and source, as a query string.</param>
public sealed record SavedPreferences(
    string Theme = "system", string Shown = "light", string Clock = "local", string? Zone = null, string Rail = "wide", string? Lang = null,
    string? View = null)
{
    /// <summary>The name of the cookie.</summary>
    public const string CookieName = "perfportal";

    private const int MaxCookieLength = 2000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The theme for the first paint.</summary>
    public string ResolvedTheme => Theme is "light" or "dark" ? Theme : Shown;

    /// <summary>Parses the cookie (URL-encoded JSON). Missing, unknown or invalid values fall back to the defaults.</summary>
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
                read.Zone, OneOf(read.Rail, "wide", "narrow"), read.Lang, read.View);
        }
        catch (JsonException)
        {
            return new SavedPreferences();
        }
    }

    private static string OneOf(string? value, params ReadOnlySpan<string> allowed) => value is not null && allowed.Contains(value) ? value : allowed[0];
}
