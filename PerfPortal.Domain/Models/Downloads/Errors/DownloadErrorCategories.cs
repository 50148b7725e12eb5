namespace PerfPortal.Domain.Models.Downloads.Errors;

/// <summary>The wire names of <see cref="DownloadErrorCategory"/>.</summary>
public static class DownloadErrorCategories
{
    private static readonly string[] Names = ["network", "server", "rate_limit", "disk", "integrity", "authentication", "cancelled", "not_allowed"];

    /// <summary>All categories.</summary>
    public static IReadOnlyList<DownloadErrorCategory> All { get; } = Enum.GetValues<DownloadErrorCategory>();

    /// <summary>The name in snake_case, as in the fact <c>error_category</c> and as the subject of advice.</summary>
    public static string WireName(this DownloadErrorCategory category) => Names[(int)category];
}
