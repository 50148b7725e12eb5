using Microsoft.JSInterop;

namespace PerfPortal.Server.Controls;

/// <summary>Brings what a link leads to into view.</summary>
internal static class Reveal
{
    /// <summary>Scrolls to an element and focuses it; does nothing without one.</summary>
    public static Task ShowAsync(IJSRuntime js, string? elementId) => elementId is null ? Task.CompletedTask : CallAsync(js, "reveal", elementId);

    /// <summary>Scrolls to the first field that is marked as wrong and focuses it, once the page has been rendered.</summary>
    public static async Task MistakeAsync(IJSRuntime js)
    {
        await Task.Yield();
        await CallAsync(js, "revealMistake");
    }

    private static async Task CallAsync(IJSRuntime js, string function, params object?[] arguments)
    {
        try
        {
            await using var module = await js.InvokeAsync<IJSObjectReference>("import", "./js/reveal.js");
            await module.InvokeVoidAsync(function, arguments);
        }
        catch (Exception exception) when (exception is JSException or JSDisconnectedException or OperationCanceledException)
        {
            // The element is there; only the browser did not scroll to it.
        }
    }
}
