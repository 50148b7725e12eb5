namespace PerfPortal.Domain.Analysis.Regressions;

/// <summary>Which measure of a name got worse.</summary>
internal enum RegressedMeasure : byte
{
    /// <summary>The median duration.</summary>
    Median,

    /// <summary>The mean duration, while the median did not.</summary>
    Mean,

    /// <summary>The share of failures.</summary>
    Failures,
}
