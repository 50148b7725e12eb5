using MudBlazor;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>Opens the shell's dialogs and panels, for buttons, shortcuts and palette commands alike.</summary>
public sealed class LayoutDialogs(IDialogService dialogs)
{
    private static readonly DialogOptions Palette = new() { NoHeader = true, Position = DialogPosition.TopCenter, MaxWidth = MaxWidth.Small, FullWidth = true, CloseOnEscapeKey = true };

    private bool _isOpening;

    /// <summary>Raised when the time range panel should open.</summary>
    public event Action? RangeRequested;

    /// <summary>Opens search and commands, unless it is open.</summary>
    public Task OpenPaletteAsync() => OpenAsync<CommandPalette>("Search and commands", Palette);

    /// <summary>Opens the help.</summary>
    public Task OpenHelpAsync() => OpenAsync<ShortcutHelp>("Help and keyboard shortcuts", null);

    /// <summary>Opens the time range panel.</summary>
    public void OpenRange() => RangeRequested?.Invoke();

    private async Task OpenAsync<TDialog>(string title, DialogOptions? options)
        where TDialog : Microsoft.AspNetCore.Components.IComponent
    {
        if (_isOpening)
        {
            return;
        }

        _isOpening = true;
        try
        {
            var dialog = await dialogs.ShowAsync<TDialog>(title, options ?? new());
            await dialog.Result;
        }
        finally
        {
            _isOpening = false;
        }
    }
}
