using Microsoft.JSInterop;
using MudBlazor;

namespace PerfPortal.Server.Controls;

/// <summary>Focuses a field of a dialog that has just opened.</summary>
internal static class DialogFocus
{
    private static readonly TimeSpan[] Opening = [TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(800)];

    /// <summary>
    /// Focuses the field after the dialog has remembered what had the focus, and again within a second: on a slow link the dialog takes the focus itself in between.
    /// </summary>
    public static async Task SetAsync(MudBaseInput<string> field, TimeProvider time)
    {
        try
        {
            await Task.Yield();
            await field.FocusAsync();
            foreach (var delay in Opening)
            {
                await Task.Delay(delay, time);
                await field.FocusAsync();
            }
        }
        catch (Exception exception) when (exception is JSException or JSDisconnectedException or ObjectDisposedException or InvalidOperationException)
        {
            // The dialog was closed meanwhile.
        }
    }
}
