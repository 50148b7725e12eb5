using Microsoft.JSInterop;

namespace PerfPortal.Server.Controls;

/// <summary>Brings what a link leads to into view.</summary>
internal static class Reveal
{
    /// <summary>Scrolls to an element and focuses it; does nothing without one.</summary>
    public static async Task ShowAsync(IJSRuntime js, string? elementId)
    {
        if (elementId is null)
        {
            return;
        }

        try
        {
            await using var module = await js.InvokeAsync<IJSObjectReference>("import", "./js/reveal.js");
            await module.InvokeVoidAsync("reveal", elementId);
        }
        catch (Exception exception) when (exception is JSException or JSDisconnectedException or OperationCanceledException)
        {
            // The element is there; only the browser did not scroll to it.
        }
    }
}
