namespace PerfPortal.Domain.Models.Health.Results;

/// <summary>The health of a model at its last check.</summary>
public sealed record ModelHealth
{
    /// <summary>The maximum number of reasons that are kept.</summary>
    public const int MaxReasons = 200;

    /// <summary>The name: <c>org/name</c> in a hub cache, otherwise the path below the directory that was searched.</summary>
    public required string Name { get; init; }

    /// <summary>The directory.</summary>
    public required string Directory { get; init; }

    /// <summary>The bytes of the files that are there, at least 0.</summary>
    public long SizeBytes { get; init; }

    /// <summary>The number of files that are there.</summary>
    public int Files { get; init; }

    /// <summary>The number of files that should be there and are not.</summary>
    public int FilesMissing { get; init; }

    /// <summary>The state.</summary>
    public HealthState State { get; init; }

    /// <summary>The integrity score; <see langword="null"/> while the state is unknown.</summary>
    public IntegrityScore? IntegrityScore { get; init; }

    /// <summary>What was found, worst first, at most <see cref="MaxReasons"/>.</summary>
    public IReadOnlyList<HealthReason> Reasons { get; init; } = [];

    /// <summary>The number of reasons found beyond those in <see cref="Reasons"/>.</summary>
    public int ReasonsLeftOut { get; init; }

    /// <summary>When the last check ended, UTC; <see langword="null"/> before the first.</summary>
    public DateTimeOffset? LastCheckedAt { get; init; }

    /// <summary>When the last check that read every byte ended, UTC; <see langword="null"/> before the first.</summary>
    public DateTimeOffset? LastFullCheckAt { get; init; }

    /// <summary>When the next check is due, UTC; <see langword="null"/> when none is planned.</summary>
    public DateTimeOffset? NextCheckAt { get; init; }

    /// <summary>The operation of the check that runs now; <see langword="null"/> when none does. Not stored.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Guid? CheckOperationId { get; init; }

    /// <summary>What the last check was.</summary>
    public HealthCheckKind? LastCheck { get; init; }

    /// <summary>The bytes that the last check read for hashes and blocks, at least 0.</summary>
    public long BytesChecked { get; init; }

    /// <summary>The checks after which a silent change of any block is found at the latest; 0 before the first full check.</summary>
    public int FoundWithinChecks { get; init; }

    /// <summary>How to repair the model; <see langword="null"/> when there is nothing to repair.</summary>
    public RepairAdvice? Repair { get; init; }
}
