using MudBlazor;

namespace PerfPortal.Server.Controls;

/// <summary>
/// Tells which tab a user chose. <see cref="MudTabs.ActivePanelIndexChanged"/> tells it too while the tabs are taken down one by one, when a page that is left must not navigate.
/// </summary>
internal static class TabChoice
{
    /// <summary>Returns a handler for <see cref="MudTabs.OnPreviewInteraction"/>.</summary>
    /// <param name="show">Receives the index of the tab.</param>
    public static Func<TabInteractionEventArgs, Task> By(Action<int> show) => choice =>
    {
        if (choice.InteractionType == TabInteractionType.Activate)
        {
            show(choice.PanelIndex);
        }

        return Task.CompletedTask;
    };
}
