using Microsoft.JSInterop;
using MudBlazor;

namespace PerfPortal.Server.Controls;

/// <summary>Focuses a field of a dialog that has just opened.</summary>
internal static class DialogFocus
{
    /// <summary>Focuses the field after the dialog has remembered what had the focus, and lets the browser keep it there until the dialog has opened.</summary>
    public static async Task SetAsync(MudTextField<string> field, IJSRuntime js)
    {
        try
        {
            await Task.Yield();
            await field.FocusAsync();
            if (field.InputReference is { } input)
            {
                await using var module = await js.InvokeAsync<IJSObjectReference>("import", "./js/dialog.js");
                await module.InvokeVoidAsync("focus", input.ElementReference);
            }
        }
        catch (Exception exception) when (exception is JSException or JSDisconnectedException or ObjectDisposedException or InvalidOperationException)
        {
            // The dialog was closed meanwhile.
        }
    }
}
