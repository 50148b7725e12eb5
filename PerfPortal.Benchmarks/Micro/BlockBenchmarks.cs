using BenchmarkDotNet.Attributes;
using PerfPortal.Benchmarks.Storage;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Benchmarks.Micro;

/// <summary>A full block of operations, beside Brotli over the same bytes at the level that the portal uses.</summary>
public class BlockBenchmarks
{
    private readonly IReadOnlyList<Operation> _operations = [.. TraceOperations.MadeUp(BlockSizes.BlockLength).OrderBy(operation => operation.EndTime).ThenBy(operation => operation.Id)];
    private readonly byte[] _fresh;
    private readonly byte[] _packed;

    /// <summary>Makes the blocks.</summary>
    public BlockBenchmarks()
    {
        _fresh = Write(BlockCompression.None);
        _packed = Write(BlockCompression.Fast);
    }

    /// <summary>What a general compressor takes for the block as it is committed.</summary>
    [Benchmark(Description = "Brotli over a block", Baseline = true, OperationsPerInvoke = BlockSizes.BlockLength)]
    public int Compress()
    {
        byte[] target = new byte[_fresh.Length];
        return System.IO.Compression.BrotliEncoder.TryCompress(_fresh, target, out int written, 5, 18) ? written : 0;
    }

    /// <summary>Writing a block as a commit does.</summary>
    [Benchmark(Description = "an operation written as committed", OperationsPerInvoke = BlockSizes.BlockLength)]
    public byte[] WriteFresh() => Write(BlockCompression.None);

    /// <summary>Writing a block as packing does.</summary>
    [Benchmark(Description = "an operation written packed", OperationsPerInvoke = BlockSizes.BlockLength)]
    public byte[] WritePacked() => Write(BlockCompression.Fast);

    /// <summary>All operations of a packed block.</summary>
    [Benchmark(Description = "an operation read with all others", OperationsPerInvoke = BlockSizes.BlockLength)]
    public int ReadAll()
    {
        var block = OperationBlock.Open(_packed);
        int members = 0;
        for (int i = 0; i < block.Count; i++)
        {
            members += block.OperationAt(i, Name, Name).Metadata.Count;
        }

        return members;
    }

    private byte[] Write(BlockCompression compression) =>
        OperationBlockWriter.Write(_operations, operation => new(operation.MetricType, 1, 1, operation.Status), compression);

    private static string Name(int number) => "name";
}
