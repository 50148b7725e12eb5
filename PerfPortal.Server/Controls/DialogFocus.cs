using Microsoft.JSInterop;
using MudBlazor;

namespace PerfPortal.Server.Controls;

/// <summary>Focuses a field of a dialog that has just opened, whose own focus is switched off: that would come late on a slow link, and take the focus from where the user has gone.</summary>
internal static class DialogFocus
{
    private const string Module = "./js/dialog.js";

    /// <summary>Focuses the first field of the dialog, unless the user has chosen another one.</summary>
    public static async Task SetFirstAsync(IJSRuntime js)
    {
        try
        {
            await Task.Yield();
            await using var module = await js.InvokeAsync<IJSObjectReference>("import", Module);
            await module.InvokeVoidAsync("focusFirst");
        }
        catch (Exception exception) when (exception is JSException or JSDisconnectedException or ObjectDisposedException or InvalidOperationException)
        {
            // The dialog was closed meanwhile.
        }
    }

    /// <summary>Focuses the field after the dialog has remembered what had the focus, and lets the browser keep it there until the dialog has opened.</summary>
    public static async Task SetAsync(MudTextField<string> field, IJSRuntime js)
    {
        try
        {
            await Task.Yield();
            await field.FocusAsync();
            if (field.InputReference is { } input)
            {
                await using var module = await js.InvokeAsync<IJSObjectReference>("import", Module);
                await module.InvokeVoidAsync("focus", input.ElementReference);
            }
        }
        catch (Exception exception) when (exception is JSException or JSDisconnectedException or ObjectDisposedException or InvalidOperationException)
        {
            // The dialog was closed meanwhile.
        }
    }
}
