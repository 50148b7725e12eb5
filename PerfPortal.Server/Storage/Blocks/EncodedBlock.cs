using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>An encoded block, ready to be stored.</summary>
/// <param name="Data">The encoded bytes.</param>
/// <param name="State">The state of the block.</param>
/// <param name="StoredUs">The time at which its most recent operation was stored, in µs.</param>
/// <param name="Bounds">The bounds of its operations.</param>
/// <param name="Series">The series with their duration ranges.</param>
/// <param name="Ids">The operation ids.</param>
internal sealed record EncodedBlock(
    byte[] Data, BlockState State, long StoredUs, BlockBounds Bounds, IReadOnlyCollection<SeriesExtent> Series, (long High, long Low)[] Ids)
{
    /// <summary>The maximum number of operations per block.</summary>
    public const int MaxOperations = 4_096;

    /// <summary>Encodes operations that are ordered by end time.</summary>
    /// <param name="operations">The operations.</param>
    /// <param name="series">Returns the series of an operation.</param>
    /// <param name="state">The state of the block.</param>
    /// <param name="storedUs">The time at which the most recent of them was stored, in µs.</param>
    public static EncodedBlock Of(IReadOnlyList<Operation> operations, Func<Operation, BlockSeries> series, BlockState state, long storedUs)
    {
        var ids = new (long High, long Low)[operations.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = OperationKeys.Split(operations[i].Id);
        }

        var (data, extents) = OperationBlockWriter.WriteWithExtents(operations, series, state == BlockState.Fresh ? BlockCompression.None : BlockCompression.Fast);
        return new(data, state, storedUs, BlockBounds.Of(operations), extents, ids);
    }
}
