using MudBlazor;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>A page in the navigation.</summary>
/// <param name="Path">The path, without a query.</param>
/// <param name="Title">The display name.</param>
/// <param name="Icon">The icon, as SVG.</param>
/// <param name="Key">The shortcut key after <c>g</c>, if any.</param>
/// <param name="OnPhone">Whether the page is in the bottom bar on a phone; the others are under More.</param>
public sealed record NavItem(string Path, string Title, string Icon, char? Key = null, bool OnPhone = false)
{
    /// <summary>Whether <paramref name="path"/> (without a query) is this page or a page below it.</summary>
    public bool Covers(string path) => path == Path || (Path != "/" && path.StartsWith(Path + "/", StringComparison.Ordinal));
}

/// <summary>The pages of the navigation, in display order.</summary>
public static class NavItems
{
    /// <summary>The path of the alerts, whose item carries the number of those that nobody has taken on.</summary>
    public const string Alerts = "/alerts";

    /// <summary>All pages of the navigation.</summary>
    public static IReadOnlyList<NavItem> All { get; } =
    [
        new("/", "Dashboard", Icons.Material.Outlined.SpaceDashboard, 'd', OnPhone: true),
        new("/live", "Live", Icons.Material.Outlined.Sensors, 'l', OnPhone: true),
        new("/operations", "Operations", Icons.Material.Outlined.ListAlt, 'o', OnPhone: true),
        new("/resources", "Resources", Icons.Material.Outlined.Memory, 'r', OnPhone: true),
        new("/insights", "Insights", Icons.Material.Outlined.Lightbulb, 'i'),
        new("/benchmarks", "Benchmarks", Icons.Material.Outlined.Speed, 'b'),
        new("/compare", "Compare", Icons.Material.Outlined.Compare, 'c'),
        new(Alerts, "Alerts", Icons.Material.Outlined.NotificationsNone, 'a', OnPhone: true),
        new("/models", "Models", Icons.Material.Outlined.Dataset, 'm'),
        new("/report", "Report", Icons.Material.Outlined.Description),
        new("/admin/thresholds", "Admin", Icons.Material.Outlined.Tune, 's'),
        new("/admin/storage", "Storage", Icons.Material.Outlined.Storage),
    ];
}
