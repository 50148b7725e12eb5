using MudBlazor;

namespace PerfPortal.Server.Pages.Layout;

/// <summary>A page in the rail.</summary>
/// <param name="Path">Its address, without a query.</param>
/// <param name="Title">Its name.</param>
/// <param name="Icon">Its icon, as SVG.</param>
/// <param name="Key">The key that goes there after <c>g</c>, if it has one.</param>
/// <param name="OnPhone">It stands in the bottom bar of a phone; the others are under More.</param>
public sealed record NavItem(string Path, string Title, string Icon, char? Key = null, bool OnPhone = false)
{
    /// <summary>Whether <paramref name="path"/> (no query) is this page or one below it.</summary>
    public bool Covers(string path) => path == Path || (Path != "/" && path.StartsWith(Path + "/", StringComparison.Ordinal));
}

/// <summary>The pages that exist, in the order of the rail. Only what exists is shown.</summary>
public static class NavItems
{
    /// <summary>Every page of the rail.</summary>
    public static IReadOnlyList<NavItem> All { get; } =
    [
        new("/", "Dashboard", Icons.Material.Outlined.SpaceDashboard, 'd', OnPhone: true),
        new("/live", "Live", Icons.Material.Outlined.Sensors, 'l', OnPhone: true),
        new("/operations", "Operations", Icons.Material.Outlined.ListAlt, 'o', OnPhone: true),
        new("/resources", "Resources", Icons.Material.Outlined.Memory, 'r', OnPhone: true),
        new("/insights", "Insights", Icons.Material.Outlined.Lightbulb, 'i'),
        new("/benchmarks", "Benchmarks", Icons.Material.Outlined.Speed, 'b'),
        new("/compare", "Compare", Icons.Material.Outlined.Compare, 'c'),
        new("/report", "Report", Icons.Material.Outlined.Description),
        new("/admin/thresholds", "Admin", Icons.Material.Outlined.Tune, 'a'),
        new("/admin/storage", "Storage", Icons.Material.Outlined.Storage),
    ];
}
