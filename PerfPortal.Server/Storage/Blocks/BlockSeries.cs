using PerfPortal.Domain.Operations;
using OperationStatus = PerfPortal.Domain.Operations.OperationStatus;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>What an operation is counted under.</summary>
/// <param name="MetricType">Its kind.</param>
/// <param name="SourceId">The number of its source in the <see cref="NameDirectory"/>.</param>
/// <param name="NameId">The number of its name in the <see cref="NameDirectory"/>.</param>
/// <param name="Status">How it ended.</param>
internal readonly record struct BlockSeries(MetricType MetricType, int SourceId, int NameId, OperationStatus Status)
{
    // A commit looks one up for every operation; what the compiler makes goes through three comparers.

    /// <inheritdoc/>
    public bool Equals(BlockSeries other) =>
        NameId == other.NameId && SourceId == other.SourceId && MetricType == other.MetricType && Status == other.Status;

    /// <inheritdoc/>
    public override int GetHashCode() => (NameId * 397 ^ SourceId) * 397 ^ ((int)MetricType << 3 | (int)Status);

    /// <summary>In 8 bytes.</summary>
    public ulong Pack() => ((ulong)MetricType << 60) | ((ulong)Status << 56) | ((ulong)(uint)SourceId << 28) | (uint)NameId;

    /// <summary>What <see cref="Pack"/> made.</summary>
    public static BlockSeries Unpack(ulong packed) =>
        new((MetricType)(packed >> 60), (int)((packed >> 28) & 0xFFF_FFFF), (int)(packed & 0xFFF_FFFF), (OperationStatus)((packed >> 56) & 0xF));
}
