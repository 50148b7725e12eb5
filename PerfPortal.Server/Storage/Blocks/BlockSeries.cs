using PerfPortal.Domain.Operations;
using OperationStatus = PerfPortal.Domain.Operations.OperationStatus;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>The series and outcome that an operation is aggregated under.</summary>
/// <param name="MetricType">The metric type.</param>
/// <param name="SourceId">The id of its source in the <see cref="NameDirectory"/>.</param>
/// <param name="NameId">The id of its name in the <see cref="NameDirectory"/>.</param>
/// <param name="Status">The final status.</param>
internal readonly record struct BlockSeries(MetricType MetricType, int SourceId, int NameId, OperationStatus Status)
{
    // A commit looks up one per operation; the compiler-generated equality is slower because it uses three comparers.

    /// <inheritdoc/>
    public bool Equals(BlockSeries other) =>
        NameId == other.NameId && SourceId == other.SourceId && MetricType == other.MetricType && Status == other.Status;

    /// <inheritdoc/>
    public override int GetHashCode() => (NameId * 397 ^ SourceId) * 397 ^ ((int)MetricType << 3 | (int)Status);

    /// <summary>Packs the series into 8 bytes.</summary>
    public ulong Pack() => ((ulong)MetricType << 60) | ((ulong)Status << 56) | ((ulong)(uint)SourceId << 28) | (uint)NameId;

    /// <summary>Unpacks the result of <see cref="Pack"/>.</summary>
    public static BlockSeries Unpack(ulong packed) =>
        new((MetricType)(packed >> 60), (int)((packed >> 28) & 0xFFF_FFFF), (int)(packed & 0xFFF_FFFF), (OperationStatus)((packed >> 56) & 0xF));
}
