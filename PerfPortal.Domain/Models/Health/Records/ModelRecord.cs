using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Records;

/// <summary>What is kept of a model between checks: <c>health/MODEL.json</c>.</summary>
internal sealed record ModelRecord
{
    /// <summary>The version of the format.</summary>
    public const int CurrentVersion = 1;

    /// <summary>The version in which it was written.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>The last result; its name is the model's.</summary>
    public required ModelHealth Health { get; init; }

    /// <summary>The key of the order in which blocks are read.</summary>
    public ulong Key { get; init; }

    /// <summary>The number of checks that ended.</summary>
    public long Checks { get; init; }

    /// <summary>The number of sampled checks since the last full one.</summary>
    public int SinceFull { get; init; }

    /// <summary>The number of the block file; 0 when there is none.</summary>
    public long BlockFile { get; init; }

    /// <summary>Whether a check wrote it before it ended: the files are known as far as that check came, the result is that of the check before.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>The uses, weighted by age: a use counts half after <see cref="ModelUse.HalfLife"/>.</summary>
    public ModelUse Use { get; init; }

    /// <summary>The directories from that of the model up to the one that was searched, as the latest search found them; empty in a record of an earlier version.</summary>
    public IReadOnlyList<MarkedDirectory> Marks { get; init; } = [];

    /// <summary>The files.</summary>
    public IReadOnlyList<FileRecord> Files { get; init; } = [];

    /// <summary>What was found in the model as a whole.</summary>
    public IReadOnlyList<HealthReason> Reasons { get; init; } = [];
}
