using Microsoft.JSInterop;
using PerfPortal.Server.Controls;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>The reader's preferences in this tab; a change is kept by the browser.</summary>
public sealed class Preferences(IJSRuntime js, BrowserClock clock) : IAsyncDisposable
{
    private IJSObjectReference? _module;

    /// <summary>Raised after a preference changed.</summary>
    public event Action? Changed;

    /// <summary><c>system</c>, <c>light</c> or <c>dark</c>.</summary>
    public string Theme { get; private set; } = "system";

    /// <summary>What the browser shows now: <c>light</c> or <c>dark</c>.</summary>
    public string ShownTheme { get; private set; } = "light";

    /// <summary>The rail shows icons only.</summary>
    public bool RailIsNarrow { get; private set; }

    /// <summary>Takes what the cookie said.</summary>
    public void Start(SavedPreferences saved)
    {
        Theme = saved.Theme;
        ShownTheme = saved.ResolvedTheme;
        RailIsNarrow = saved.Rail == "narrow";
        clock.Start(saved.Zone, saved.Clock == "utc");
    }

    /// <summary>Asks the browser for its time zone and theme, which a first visit's cookie could not say. After the first render only.</summary>
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

    /// <summary>Chooses <c>system</c>, <c>light</c> or <c>dark</c>.</summary>
    public async Task SetThemeAsync(string theme)
    {
        Theme = theme;
        ShownTheme = await (await ModuleAsync()).InvokeAsync<string?>("save", "theme", theme) ?? ShownTheme;
        Changed?.Invoke();
    }

    /// <summary>Shows times in UTC or in the browser's zone.</summary>
    public async Task SetUtcAsync(bool utc)
    {
        clock.UseUtc(utc);
        await SaveAsync("clock", utc ? "utc" : "local");
        Changed?.Invoke();
    }

    /// <summary>Collapses or widens the rail.</summary>
    public async Task SetRailAsync(bool narrow)
    {
        RailIsNarrow = narrow;
        await SaveAsync("rail", narrow ? "narrow" : "wide");
        Changed?.Invoke();
    }

    /// <summary>Keeps the last range and source for the next visit.</summary>
    public Task SaveViewAsync(string query) => SaveAsync("view", query);

    /// <summary>Puts text on the browser's clipboard.</summary>
    public async Task<bool> CopyAsync(string text) => await (await ModuleAsync()).InvokeAsync<bool>("copy", text);

    /// <summary>Opens a dialog or a popover of the page by its id.</summary>
    public async Task OpenAsync(string id) => await (await ModuleAsync()).InvokeVoidAsync("open", id);

    /// <summary>Closes a dialog or a popover of the page by its id.</summary>
    public async Task CloseAsync(string id) => await (await ModuleAsync()).InvokeVoidAsync("close", id);

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
            // The tab is gone and its module with it.
        }
    }

    private async Task SaveAsync(string name, string value) => await (await ModuleAsync()).InvokeAsync<string?>("save", name, value);

    private async ValueTask<IJSObjectReference> ModuleAsync() => _module ??= await js.InvokeAsync<IJSObjectReference>("import", "./js/portal.js");
}
