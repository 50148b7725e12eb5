namespace PerfPortal.Domain.Findings;

/// <summary>Which way a series goes. Wire names are the lower-case names.</summary>
public enum TrendDirection : byte
{
    /// <summary>It was not measured, or not for long enough.</summary>
    Unknown,

    /// <summary>It neither rises nor falls clearly.</summary>
    Stable,

    /// <summary>It rises.</summary>
    Increasing,

    /// <summary>It falls.</summary>
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
/// <param name="Resource">The resource: <c>cpu</c>, <c>memory</c>, <c>disk</c>, <c>network</c> or <c>gpu</c>; the names of the sensors.</param>
/// <param name="Source">The host.</param>
/// <param name="Direction">Which way it goes.</param>
/// <param name="SlopePerHour">The Theil–Sen slope in <paramref name="Unit"/> per hour, or <see langword="null"/> when unknown.</param>
/// <param name="Unit">The unit: <c>%</c> for cpu, memory and gpu, <c>GiB</c> used for disk, <c>B/s</c> for network.</param>
/// <param name="PValue">The probability of so clear a trend by chance, 0–1, or <see langword="null"/> when unknown.</param>
/// <param name="Points">How many points it was tested on.</param>
/// <param name="Reason">Why it is unknown, one sentence; else <see langword="null"/>.</param>
public sealed record ResourceTrend(
    string Resource, string Source, TrendDirection Direction, double? SlopePerHour, string Unit, double? PValue, int Points, string? Reason);
