using PerfPortal.Domain.Text;
using PerfPortal.Server.Text;

namespace PerfPortal.Server.Views.Dashboard;

/// <summary>A resource of a host as a tile shows it.</summary>
public sealed record ResourceTile
{
    /// <summary>The sensor, one of <c>Sensors</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>What is measured.</summary>
    public required string Title { get; init; }

    /// <summary>The unit of the value; see <see cref="Format.Value"/>.</summary>
    public required string Unit { get; init; }

    /// <summary>The value of the newest sample; <see langword="null"/> when there is none.</summary>
    public double? Value { get; init; }

    /// <summary>Why there is no value, one sentence.</summary>
    public string? Absent { get; init; }

    /// <summary>The means of the last hour's steps, oldest first.</summary>
    public IReadOnlyList<double?> Series { get; init; } = [];

    /// <summary>The limit in the value's unit.</summary>
    public double? Threshold { get; init; }

    /// <summary>The top of the scale, 100 for a percentage.</summary>
    public double? Top { get; init; }

    /// <summary>How it does.</summary>
    public Health State { get; init; } = Health.Unknown;

    /// <summary>Above 0 the value rises, below 0 it falls, 0 it is steady; <see langword="null"/> when that cannot be said.</summary>
    public double? Trend { get; init; }

    /// <summary>The slope in words.</summary>
    public string? TrendText { get; init; }

    /// <summary>One more short fact.</summary>
    public string? Note { get; init; }
}
