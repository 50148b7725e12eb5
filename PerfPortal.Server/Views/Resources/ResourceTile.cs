using PerfPortal.Server.Text;

namespace PerfPortal.Server.Views.Resources;

/// <summary>A resource of a host as a tile shows it.</summary>
public sealed record ResourceTile
{
    /// <summary>What identifies it: a name of <c>Sensors</c> for the five main resources, else one of its own.</summary>
    public required string Key { get; init; }

    /// <summary>What is measured.</summary>
    public required string Title { get; init; }

    /// <summary>The unit of the value, as the formatter knows it.</summary>
    public required string Unit { get; init; }

    /// <summary>The value of the newest sample; <see langword="null"/> when there is none.</summary>
    public double? Value { get; init; }

    /// <summary>Why there is no value, one sentence.</summary>
    public string? Absent { get; init; }

    /// <summary>The mean of each step of the history, oldest first.</summary>
    public IReadOnlyList<double?> Series { get; init; } = [];

    /// <summary>The limit, in the value's unit.</summary>
    public double? Threshold { get; init; }

    /// <summary>The top of the scale, such as 100 for a percentage.</summary>
    public double? Top { get; init; }

    /// <summary>Its state.</summary>
    public Health State { get; init; } = Health.Unknown;

    /// <summary>The sign of the trend of the value; 0 for a stable one, <see langword="null"/> when it is unknown.</summary>
    public double? Trend { get; init; }

    /// <summary>The trend in words, with its slope.</summary>
    public string? TrendText { get; init; }

    /// <summary>One more short fact.</summary>
    public string? Note { get; init; }
}
