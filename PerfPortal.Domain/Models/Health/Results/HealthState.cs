namespace PerfPortal.Domain.Models.Health.Results;

/// <summary>The state of a model.</summary>
public enum HealthState
{
    /// <summary>Not checked to the end yet, or it could not be read.</summary>
    Unknown,

    /// <summary>Every file is there and as it should be.</summary>
    Healthy,

    /// <summary>A file is missing or not downloaded to its end.</summary>
    Incomplete,

    /// <summary>The content of a file is not what it should be, or its end is missing.</summary>
    Damaged,
}

/// <summary>How much a check read.</summary>
public enum HealthCheckKind
{
    /// <summary>A sample of the blocks of every file that looks unchanged; other files whole.</summary>
    Sampled,

    /// <summary>Every byte.</summary>
    Full,
}
