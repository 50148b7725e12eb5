using PerfPortal.Domain.Models.Health.Formats;
using PerfPortal.Domain.Models.Health.Records;

namespace PerfPortal.Domain.Models.Health.Checking;

/// <summary>What reading one file came to.</summary>
/// <param name="Record">What is known of it now; <see langword="null"/> when it could not be read, so that the next check tries again.</param>
/// <param name="Trusted">The hashes of its trusted blocks.</param>
/// <param name="Structure">What the examination of its structure found; <see langword="null"/> when it was not examined this time.</param>
internal sealed record FileVerdict(FileRecord Record, UInt128[] Trusted, StructureReport? Structure)
{
    /// <summary>Whether nothing can be said of the file.</summary>
    public bool IsUnknown { get; init; }
}
