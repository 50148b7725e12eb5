using PerfPortal.Domain.Models.Health.Discovery;
using PerfPortal.Domain.Models.Health.Reading;
using PerfPortal.Domain.Models.Health.Records;

namespace PerfPortal.Domain.Models.Health.Checking;

/// <summary>A check to be made.</summary>
/// <param name="Model">The model.</param>
/// <param name="Before">What is known of it; <see langword="null"/> before the first check.</param>
/// <param name="Blocks">The hashes of the trusted blocks; <see langword="null"/> when there are none.</param>
/// <param name="IsFull">Whether to read every byte.</param>
/// <param name="Rotation">The number of sampled checks that together read every block.</param>
/// <param name="Pace">The rate.</param>
/// <param name="OnProgress">Called with the bytes read and the bytes to read.</param>
internal sealed record CheckRequest(
    ModelLocation Model, ModelRecord? Before, UInt128[]? Blocks, bool IsFull, int Rotation, ReadPace Pace, Action<long, long> OnProgress)
{
    /// <summary>Called between two files with what is known so far, when files of at least <see cref="CheckpointBytes"/> were read whole since the last time.</summary>
    public Action<ModelRecord, UInt128[]>? OnCheckpoint { get; init; }

    /// <summary>See <see cref="OnCheckpoint"/>.</summary>
    public long CheckpointBytes { get; init; } = long.MaxValue;
}

/// <summary>What came out of a check.</summary>
/// <param name="Record">What is known of the model now.</param>
/// <param name="Blocks">The hashes of the trusted blocks if they changed; otherwise <see langword="null"/>.</param>
/// <param name="FoundCorruption">Whether content is not what it should be; <see langword="null"/> when none was found, but a file could not be read.</param>
/// <param name="FilesChecked">The files that were looked at.</param>
internal sealed record CheckOutcome(ModelRecord Record, UInt128[]? Blocks, bool? FoundCorruption, int FilesChecked);
