using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>A block that is ready to be stored.</summary>
/// <param name="Data">Its bytes.</param>
/// <param name="State">How far it has come.</param>
/// <param name="StoredUs">When the youngest of its operations was stored.</param>
/// <param name="Bounds">Its extent.</param>
/// <param name="Series">Its series.</param>
/// <param name="Ids">The ids in it.</param>
internal sealed record EncodedBlock(
    byte[] Data, BlockState State, long StoredUs, BlockBounds Bounds, IReadOnlyCollection<SeriesExtent> Series, (long High, long Low)[] Ids)
{
    /// <summary>The most operations of one block.</summary>
    public const int MaxOperations = 4_096;

    /// <summary>Encodes operations that are in the order of their ends.</summary>
    /// <param name="operations">The operations.</param>
    /// <param name="series">The numbers of an operation's series.</param>
    /// <param name="state">How far the block has come.</param>
    /// <param name="storedUs">When the youngest of them was stored.</param>
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
