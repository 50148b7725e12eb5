using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Encodes ended operations as a block; <c>docs/block-format.md</c> specifies the format.</summary>
internal static class OperationBlockWriter
{
    /// <summary>The maximum number of operations in a block.</summary>
    public const int MaxOperations = ushort.MaxValue;

    private static BlockDraft? s_spare;

    /// <summary>Encodes a block. Times have microsecond precision.</summary>
    /// <param name="operations">1–65,535 ended operations, in strictly ascending order of end (µs) and id (as 16 big-endian bytes).</param>
    /// <param name="series">Returns the series of an operation.</param>
    /// <param name="compression">The compression effort.</param>
    /// <exception cref="ArgumentException">The number of operations is out of range, one has not ended or ended before it started, or they are out of order.</exception>
    public static byte[] Write(IReadOnlyList<Operation> operations, Func<Operation, BlockSeries> series, BlockCompression compression) =>
        WriteWithExtents(operations, series, compression).Block;

    /// <summary>Like <see cref="Write"/>, but also returns the extents of the series.</summary>
    public static (byte[] Block, SeriesExtent[] Series) WriteWithExtents(
        IReadOnlyList<Operation> operations, Func<Operation, BlockSeries> series, BlockCompression compression)
    {
        if (operations.Count is 0 or > MaxOperations)
        {
            throw new ArgumentException($"A block must contain 1 to {MaxOperations} operations, got {operations.Count}.", nameof(operations));
        }

        var draft = Interlocked.Exchange(ref s_spare, null) ?? new();
        try
        {
            draft.Gather(operations, series);
            return (draft.Write(compression), draft.Extents);
        }
        finally
        {
            draft.Clear();
            s_spare = draft;
        }
    }
}
