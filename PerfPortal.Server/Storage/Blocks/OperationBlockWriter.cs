using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Storage.Blocks;

/// <summary>Writes ended operations as a block of bytes; <c>docs/block-format.md</c> describes it byte by byte.</summary>
internal static class OperationBlockWriter
{
    /// <summary>The most operations of a block.</summary>
    public const int MaxOperations = ushort.MaxValue;

    private static BlockDraft? s_spare;

    /// <summary>Writes a block. Times are kept to the microsecond.</summary>
    /// <param name="operations">1–65,535 ended operations, in ascending order of end (µs) and id (as 16 big-endian bytes); no two alike in both.</param>
    /// <param name="series">Gives what an operation is counted under.</param>
    /// <param name="compression">How much work to spend.</param>
    /// <exception cref="ArgumentException">There are none or too many, one has not ended or ended before it started, or their order is not that.</exception>
    public static byte[] Write(IReadOnlyList<Operation> operations, Func<Operation, BlockSeries> series, BlockCompression compression) =>
        WriteWithExtents(operations, series, compression).Block;

    /// <summary>As <see cref="Write"/>, with the extents of the series in it.</summary>
    public static (byte[] Block, SeriesExtent[] Series) WriteWithExtents(
        IReadOnlyList<Operation> operations, Func<Operation, BlockSeries> series, BlockCompression compression)
    {
        if (operations.Count is 0 or > MaxOperations)
        {
            throw new ArgumentException($"A block holds 1 to {MaxOperations} operations, not {operations.Count}.", nameof(operations));
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
