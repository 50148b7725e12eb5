namespace PerfPortal.Server.Pages.Layout;

/// <summary>The number of alerts that fire and that nobody has taken on, for the navigation and the title of the page.</summary>
public sealed class AlertBadge
{
    /// <summary>Raised after <see cref="Count"/> has changed.</summary>
    public event Action? Changed;

    /// <summary>The number; 0 until it is known.</summary>
    public int Count { get; private set; }

    /// <summary>Sets the number.</summary>
    public void Set(int count)
    {
        if (count != Count)
        {
            Count = count;
            Changed?.Invoke();
        }
    }
}
