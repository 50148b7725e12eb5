using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Benchmarks.Storage;

/// <summary>What operations cost in blocks, by section.</summary>
internal static class BlockSizes
{
    /// <summary>Operations of a full block.</summary>
    public const int BlockLength = 4096;

    /// <summary>Bytes per operation of each section and of the headers, over all blocks.</summary>
    /// <param name="operations">Ended operations in any order; ids are different.</param>
    /// <param name="compression">How the blocks are compressed.</param>
    /// <param name="blockLength">Operations of a block; the last may have fewer.</param>
    public static IReadOnlyList<(string Section, double BytesPerOperation)> Of(
        IReadOnlyCollection<Operation> operations, BlockCompression compression, int blockLength = BlockLength)
    {
        var sections = Enum.GetValues<BlockSection>();
        long[] bytes = new long[sections.Length];
        long whole = 0;
        foreach (byte[] block in Write(operations, compression, blockLength))
        {
            var opened = OperationBlock.Open(block);
            whole += block.Length;
            foreach (var section in sections)
            {
                bytes[(int)section] += opened.LengthOf(section);
            }
        }

        double count = Math.Max(operations.Count, 1);
        return
        [
            .. sections.Select(section => (section.ToString(), bytes[(int)section] / count)),
            ("Header", (whole - bytes.Sum()) / count),
            ("All", whole / count),
        ];
    }

    /// <summary>Operations as blocks, in the order of their ends; names and sources are numbered from 1 on.</summary>
    public static IEnumerable<byte[]> Write(IReadOnlyCollection<Operation> operations, BlockCompression compression, int blockLength = BlockLength)
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var sources = new Dictionary<string, int>(StringComparer.Ordinal);
        BlockSeries Series(Operation operation) => new(operation.MetricType, Number(sources, operation.Source), Number(names, operation.Name), operation.Status);
        foreach (var block in operations.OrderBy(operation => operation.EndTime!.Value.ToMicroseconds()).ThenBy(operation => operation.Id).Chunk(blockLength))
        {
            yield return OperationBlockWriter.Write(block, Series, compression);
        }
    }

    private static int Number(Dictionary<string, int> numbers, string name)
    {
        if (!numbers.TryGetValue(name, out int number))
        {
            number = numbers.Count + 1;
            numbers.Add(name, number);
        }

        return number;
    }
}
