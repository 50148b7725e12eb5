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
    byte[] Data, BlockState State, long StoredUs, BlockBounds Bounds, IReadOnlyCollection<BlockSeries> Series, IReadOnlyList<(long High, long Low)> Ids)
{
    /// <summary>The most operations of one block.</summary>
    public const int MostOperations = 4_096;

    /// <summary>Encodes operations that are in the order of their ends and whose names and sources have numbers.</summary>
    public static EncodedBlock Of(IReadOnlyList<Operation> operations, NameDirectory directory, BlockState state, long storedUs)
    {
        var series = new HashSet<BlockSeries>();
        var ids = new (long High, long Low)[operations.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = OperationKeys.Split(operations[i].Id);
        }

        byte[] data = OperationBlockWriter.Write(
            operations,
            operation =>
            {
                var one = new BlockSeries(operation.MetricType, directory.Sources.Find(operation.Source)!.Value, directory.Names.Find(operation.Name)!.Value, operation.Status);
                series.Add(one);
                return one;
            },
            state == BlockState.Fresh ? BlockCompression.None : BlockCompression.Fast);
        return new(data, state, storedUs, BlockBounds.Of(operations), series, ids);
    }
}
