namespace PerfPortal.Domain.Statistics;

/// <summary>The outcome of an operation, as used in statistics.</summary>
public enum OutcomeKind
{
    /// <summary>Succeeded; included in counts, rates and durations.</summary>
    Succeeded,

    /// <summary>Failed; included in counts, rates and durations.</summary>
    Failed,

    /// <summary>Cancelled deliberately; counted separately, excluded from rates and durations.</summary>
    Cancelled,

    /// <summary>Stopped reporting before it ended; counted separately, excluded from rates and durations.</summary>
    Abandoned,
}
