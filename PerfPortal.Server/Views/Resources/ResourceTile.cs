using PerfPortal.Server.Text;

namespace PerfPortal.Server.Views.Resources;

/// <summary>A resource tile of a host.</summary>
public sealed record ResourceTile
{
    /// <summary>The key: a name from <c>Sensors</c> for the five main resources, otherwise a separate key.</summary>
    public required string Key { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>The unit of the value, as the formatter expects it.</summary>
    public required string Unit { get; init; }

    /// <summary>The value of the newest sample, or <see langword="null"/>.</summary>
    public double? Value { get; init; }

    /// <summary>A sentence that states why there is no value.</summary>
    public string? Absent { get; init; }

    /// <summary>The mean of each step of the history, oldest first.</summary>
    public IReadOnlyList<double?> Series { get; init; } = [];

    /// <summary>The threshold, in the value's unit.</summary>
    public double? Threshold { get; init; }

    /// <summary>The maximum of the scale, such as 100 for a percentage.</summary>
    public double? Top { get; init; }

    /// <summary>The health.</summary>
    public Health State { get; init; } = Health.Unknown;

    /// <summary>The sign of the trend; 0 when stable, <see langword="null"/> when unknown.</summary>
    public double? Trend { get; init; }

    /// <summary>The text of the trend, including the slope.</summary>
    public string? TrendText { get; init; }

    /// <summary>An additional short note.</summary>
    public string? Note { get; init; }
}
