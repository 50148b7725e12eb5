using MudBlazor;

namespace PerfPortal.Server.Controls;

/// <summary>A message about a change that can be undone.</summary>
internal static class UndoMessage
{
    private const int ShownMs = 20_000;

    /// <summary>Shows the message for a while; one that stays until it is closed covers the controls of the page below it.</summary>
    /// <param name="snackbar">Where.</param>
    /// <param name="text">What was done.</param>
    /// <param name="undo">Undoes it.</param>
    public static void AddWithUndo(this ISnackbar snackbar, string text, Func<Task> undo) => snackbar.Add(text, Severity.Success, options =>
    {
        options.Action = "Undo";
        options.OnClick = _ => undo();
        options.RequireInteraction = false;
        options.VisibleStateDuration = ShownMs;
    });
}
