using Microsoft.AspNetCore.Components.Server.Circuits;

namespace PerfPortal.Server.Pages;

/// <summary>
/// Whether anybody can see the page of this circuit. After a page is closed or loses its connection, its circuit is kept for some minutes in case it returns; in that
/// time, and in a tab in the background, it must not cost anything.
/// </summary>
public sealed class PageConnection : CircuitHandler
{
    private bool _isConnected = true;
    private bool _isVisible = true;

    /// <summary>Raised after <see cref="IsShown"/> has changed, on any thread.</summary>
    public event Action? Changed;

    /// <summary>Whether the page is connected and not in the background.</summary>
    public bool IsShown => _isConnected && _isVisible;

    /// <summary>Called when the page goes into the background or returns.</summary>
    public void SetVisible(bool isVisible) => Set(_isConnected, isVisible);

    /// <inheritdoc/>
    public override Task OnConnectionUpAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Set(isConnected: true, _isVisible);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnConnectionDownAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        Set(isConnected: false, _isVisible);
        return Task.CompletedTask;
    }

    private void Set(bool isConnected, bool isVisible)
    {
        bool wasShown = IsShown;
        (_isConnected, _isVisible) = (isConnected, isVisible);
        if (IsShown != wasShown)
        {
            Changed?.Invoke();
        }
    }
}
