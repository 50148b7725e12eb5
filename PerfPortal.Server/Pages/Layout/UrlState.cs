using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>
/// The state of a page in its URL: filters, sort, open panel. Other query parameters are preserved. A page reads its parameters
/// with <c>[SupplyParameterFromQuery]</c>, which renders it again when they change. The URL is updated asynchronously after
/// <see cref="Set(string, string?, bool)"/>, once the browser has navigated.
/// </summary>
public sealed class UrlState(NavigationManager navigation)
{
    /// <summary>Returns the value of a query parameter, or <see langword="null"/> if it is missing or empty.</summary>
    public string? Get(string name)
    {
        var query = QueryHelpers.ParseQuery(new Uri(navigation.Uri).Query);
        return query.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 } text ? text : null;
    }

    /// <summary>Sets a parameter, or removes it when <paramref name="value"/> is null or empty.</summary>
    /// <param name="name">The name of the parameter.</param>
    /// <param name="value">The value.</param>
    /// <param name="replace">Whether to replace the history entry: true while typing, false for a selection.</param>
    public void Set(string name, string? value, bool replace = false) => Set([new(name, value)], replace);

    /// <summary>Sets or removes several parameters in one history entry.</summary>
    public void Set(IEnumerable<KeyValuePair<string, string?>> values, bool replace = false)
    {
        string target = With(navigation, values);
        if (target != navigation.Uri)
        {
            navigation.NavigateTo(target, new NavigationOptions { ReplaceHistoryEntry = replace });
        }
    }

    /// <summary>Returns the current URL with several parameters set, or removed when null or empty.</summary>
    public string Href(IEnumerable<KeyValuePair<string, string?>> values) => With(navigation, values);

    internal static string With(NavigationManager navigation, IEnumerable<KeyValuePair<string, string?>> values) =>
        navigation.GetUriWithQueryParameters(values.ToDictionary(v => v.Key, v => (object?)(string.IsNullOrEmpty(v.Value) ? null : v.Value)));
}
