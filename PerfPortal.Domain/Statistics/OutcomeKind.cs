namespace PerfPortal.Domain.Statistics;

/// <summary>How something that was counted ended.</summary>
public enum OutcomeKind
{
    /// <summary>As wished; in counts, rates and durations.</summary>
    Succeeded,

    /// <summary>In error; in counts, rates and durations.</summary>
    Failed,

    /// <summary>Stopped on purpose; counted beside the rest, outside rates and durations.</summary>
    Cancelled,

    /// <summary>Never heard of again; counted beside the rest, outside rates and durations.</summary>
    Abandoned,
}
