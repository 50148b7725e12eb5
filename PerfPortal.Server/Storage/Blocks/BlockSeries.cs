using PerfPortal.Domain.Operations;
using OperationStatus = PerfPortal.Domain.Operations.OperationStatus;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>What an operation is counted under.</summary>
/// <param name="MetricType">Its kind.</param>
/// <param name="SourceId">The number of its source in the <see cref="NameDirectory"/>.</param>
/// <param name="NameId">The number of its name in the <see cref="NameDirectory"/>.</param>
/// <param name="Status">How it ended.</param>
internal readonly record struct BlockSeries(MetricType MetricType, int SourceId, int NameId, OperationStatus Status);
