using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Findings;

/// <summary>The direction of a trend.</summary>
/// <remarks>Wire names are the lower-case names.</remarks>
public enum TrendDirection : byte
{
    /// <summary>Not measured, or not for long enough.</summary>
    Unknown,

    /// <summary>No significant trend.</summary>
    Stable,

    /// <summary>Rising.</summary>
    Increasing,

    /// <summary>Falling.</summary>
    Decreasing,
}

/// <summary>The wire names of <see cref="TrendDirection"/>.</summary>
public static class TrendDirections
{
    private static readonly string[] Names = ["unknown", "stable", "increasing", "decreasing"];

    /// <summary>The name on the wire.</summary>
    public static string WireName(this TrendDirection direction) => Names[(int)direction];
}

/// <summary>The trend of one resource of one host.</summary>
/// <param name="Resource">The resource: <c>cpu</c>, <c>memory</c>, <c>disk</c>, <c>network</c> or <c>gpu</c>; the same names as the sensors.</param>
/// <param name="Source">The host.</param>
/// <param name="Direction">The direction.</param>
/// <param name="SlopePerHour">The Theil–Sen slope in <paramref name="Unit"/> per hour, or <see langword="null"/> when unknown.</param>
/// <param name="Unit">The unit: <c>%</c> for cpu, memory and gpu, <c>GiB</c> of free space for disk (<c>%</c> where only the percentage is reported), <c>B/s</c> for network.</param>
/// <param name="PValue">The two-sided p-value, 0–1, or <see langword="null"/> when unknown.</param>
/// <param name="Points">The number of points tested.</param>
/// <param name="Reason">Why the trend is unknown, in one sentence; otherwise <see langword="null"/>.</param>
public sealed record ResourceTrend(
    string Resource, string Source, TrendDirection Direction, double? SlopePerHour, string Unit, double? PValue, int Points, string? Reason)
{
    /// <summary>What rises or falls: free space for the disk, whose resource name alone does not tell; otherwise the load.</summary>
    public string Measure => Resource switch
    {
        Sensors.Cpu => "cpu_percent",
        Sensors.Memory => "memory_percent",
        Sensors.Disk => Unit == "%" ? "disk_free_percent" : "disk_free_gb",
        Sensors.Network => "network_bytes_per_second",
        Sensors.Gpu => "gpu_utilization_percent",
        _ => Resource,
    };
}
