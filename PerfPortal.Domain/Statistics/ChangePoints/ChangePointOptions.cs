namespace PerfPortal.Domain.Statistics.ChangePoints;

/// <summary>The parameters of the search for change points. The defaults are the only set that is used for measured figures.</summary>
public sealed record ChangePointOptions
{
    /// <summary>The default parameters.</summary>
    public static ChangePointOptions Default { get; } = new();

    /// <summary>The minimum number of values between two changes, at least 2.</summary>
    public int MinimumSegment { get; init; } = 5;

    /// <summary>
    /// The probability with which one interval of a series without a change shows one, above 0 and below 1. It is lowered in proportion for series of more than 1,000 values; a series of independent
    /// values shows a change with a probability of at most about 5 %, however long it is.
    /// </summary>
    public double Alpha { get; init; } = 0.015;

    /// <summary>The minimum size relative to the level before, 0 or more.</summary>
    public double MinimumRelativeSize { get; init; } = 0.01;

    /// <summary>The minimum size in the unit of the series, 0 or more.</summary>
    public double MinimumSize { get; init; }

    /// <summary>The maximum number of changes.</summary>
    public int MaximumChanges { get; init; } = 64;
}
