using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Models.Health.Results;

namespace PerfPortal.Domain.Models.Health.Records;

/// <summary>What is known of a file since it was last read whole.</summary>
internal sealed record FileRecord
{
    /// <summary>The path below the model's directory.</summary>
    public required string Path { get; init; }

    /// <summary>What the file was like when it was last read.</summary>
    public FileStamp Stamp { get; init; }

    /// <summary>The SHA-256 of the trusted content; <see langword="null"/> as long as none is trusted.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The size of the trusted content in bytes.</summary>
    public long TrustedSize { get; init; }

    /// <summary>When the trusted content was modified, in nanoseconds since 1970.</summary>
    public long TrustedModifiedNs { get; init; }

    /// <summary>Since when the content is trusted, UTC.</summary>
    public DateTimeOffset? TrustedSince { get; init; }

    /// <summary>The first of its blocks in the block file.</summary>
    public int FirstBlock { get; init; }

    /// <summary>The number of its blocks in the block file; 0 while no content is trusted.</summary>
    public int Blocks { get; init; }

    /// <summary>Whether the content is known not to be what it should be.</summary>
    public bool IsDamaged { get; init; }

    /// <summary>The damaged bytes, if they are known.</summary>
    public IReadOnlyList<ByteRange> Damage { get; init; } = [];

    /// <summary>What was found in the file.</summary>
    public IReadOnlyList<HealthReason> Reasons { get; init; } = [];

    /// <summary>Whether its structure is valid; <see langword="null"/> when structures of its kind are not examined.</summary>
    public bool? IsWellFormed { get; init; }
}
