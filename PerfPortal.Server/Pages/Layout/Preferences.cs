using Microsoft.JSInterop;
using PerfPortal.Server.Controls;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>The user's preferences in this tab; the browser stores changes.</summary>
public sealed class Preferences(IJSRuntime js, BrowserClock clock) : IAsyncDisposable
{
    private IJSObjectReference? _module;

    /// <summary>Raised after a preference has changed.</summary>
    public event Action? Changed;

    /// <summary><c>system</c>, <c>light</c> or <c>dark</c>.</summary>
    public string Theme { get; private set; } = "system";

    /// <summary>The theme currently shown: <c>light</c> or <c>dark</c>.</summary>
    public string ShownTheme { get; private set; } = "light";

    /// <summary>Whether the navigation shows icons only.</summary>
    public bool RailIsNarrow { get; private set; }

    /// <summary>Applies the preferences from the cookie.</summary>
    public void Start(SavedPreferences saved)
    {
        Theme = saved.Theme;
        ShownTheme = saved.ResolvedTheme;
        RailIsNarrow = saved.Rail == "narrow";
        clock.Start(saved.Zone, saved.Clock == "utc", saved.Lang);
    }

    /// <summary>Reads the time zone and theme from the browser, because there is no cookie on the first visit. Call only after the first render.</summary>
    public async Task ConnectAsync()
    {
        var told = await (await ModuleAsync()).InvokeAsync<SavedPreferences?>("read");
        if (told is null)
        {
            return;
        }

        bool same = told.Theme == Theme && told.ResolvedTheme == ShownTheme && clock.ZoneId == told.Zone;
        Start(told);
        if (!same)
        {
            Changed?.Invoke();
        }
    }

    /// <summary>Sets the theme: <c>system</c>, <c>light</c> or <c>dark</c>.</summary>
    public async Task SetThemeAsync(string theme)
    {
        Theme = theme;
        ShownTheme = await (await ModuleAsync()).InvokeAsync<string?>("save", "theme", theme) ?? ShownTheme;
        Changed?.Invoke();
    }

    /// <summary>Switches between UTC and the browser's time zone.</summary>
    public async Task SetUtcAsync(bool utc)
    {
        clock.UseUtc(utc);
        await SaveAsync("clock", utc ? "utc" : "local");
        Changed?.Invoke();
    }

    /// <summary>Collapses or expands the navigation.</summary>
    public async Task SetRailAsync(bool narrow)
    {
        RailIsNarrow = narrow;
        await SaveAsync("rail", narrow ? "narrow" : "wide");
        Changed?.Invoke();
    }

    /// <summary>Saves the last range and source for the next visit.</summary>
    public Task SaveViewAsync(string query) => SaveAsync("view", query);

    /// <summary>Copies text to the clipboard.</summary>
    public async Task<bool> CopyAsync(string text) => await (await ModuleAsync()).InvokeAsync<bool>("copy", text);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_module is null)
        {
            return;
        }

        try
        {
            await _module.DisposeAsync();
        }
        catch (JSDisconnectedException)
        {
            // The tab is closed.
        }
    }

    private async Task SaveAsync(string name, string value) => await (await ModuleAsync()).InvokeAsync<string?>("save", name, value);

    private async ValueTask<IJSObjectReference> ModuleAsync() => _module ??= await js.InvokeAsync<IJSObjectReference>("import", "./js/portal.js");
}
