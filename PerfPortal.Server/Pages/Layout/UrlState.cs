using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>
/// The state of one page in its address: filters, sort, the open panel. The rest of the query stays as it is. A page reads its
/// parameters with <c>[SupplyParameterFromQuery]</c>, which renders it anew when they change: the address follows
/// <see cref="Set(string, string?, bool)"/> a moment later, when the browser has taken it.
/// </summary>
public sealed class UrlState(NavigationManager navigation)
{
    /// <summary>The value of a query parameter, or <see langword="null"/> when it is absent or empty.</summary>
    public string? Get(string name)
    {
        var query = QueryHelpers.ParseQuery(new Uri(navigation.Uri).Query);
        return query.TryGetValue(name, out var values) && values.ToString() is { Length: > 0 } text ? text : null;
    }

    /// <summary>Sets a parameter, or removes it when <paramref name="value"/> is null or empty.</summary>
    /// <param name="name">The parameter.</param>
    /// <param name="value">Its value.</param>
    /// <param name="replace">Whether Back skips the state before: true while somebody types, false for a choice.</param>
    public void Set(string name, string? value, bool replace = false) => Set([new(name, value)], replace);

    /// <summary>Sets or removes several parameters in one step of the history.</summary>
    public void Set(IEnumerable<KeyValuePair<string, string?>> values, bool replace = false)
    {
        string target = With(navigation, values);
        if (target != navigation.Uri)
        {
            navigation.NavigateTo(target, new NavigationOptions { ReplaceHistoryEntry = replace });
        }
    }

    internal static string With(NavigationManager navigation, IEnumerable<KeyValuePair<string, string?>> values) =>
        navigation.GetUriWithQueryParameters(values.ToDictionary(v => v.Key, v => (object?)(string.IsNullOrEmpty(v.Value) ? null : v.Value)));
}
