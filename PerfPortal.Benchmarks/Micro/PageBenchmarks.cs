using BenchmarkDotNet.Attributes;
using PerfPortal.Benchmarks.Storage;
using PerfPortal.Domain.Operations;
using PerfPortal.Server.Storage.Blocks;

namespace PerfPortal.Benchmarks.Micro;

/// <summary>What a page pays for an operation that it shows of a packed block.</summary>
public class PageBenchmarks
{
    private readonly byte[] _packed;
    private readonly DurationOrder.Run _order;

    /// <summary>Makes the block.</summary>
    public PageBenchmarks()
    {
        Operation[] operations = [.. TraceOperations.MadeUp(BlockSizes.BlockLength).OrderBy(operation => operation.EndTime).ThenBy(operation => operation.Id)];
        _packed = OperationBlockWriter.Write(operations, operation => new(operation.MetricType, 1, 1, operation.Status), BlockCompression.Fast);
        _order = DurationOrder.Of(OperationBlock.Open(_packed)).RunOf(null);
    }

    /// <summary>The checksums of all its sections.</summary>
    [Benchmark(Description = "opening a block", Baseline = true)]
    public int Open()
    {
        using var block = OperationBlock.Open(_packed, new BlockMemory());
        block.Verify();
        return block.Count;
    }

    /// <summary>One operation of which the order of durations tells series and duration.</summary>
    [Benchmark(Description = "one operation that is known in part")]
    public Operation One()
    {
        using var block = OperationBlock.Open(_packed, new BlockMemory());
        block.Verify();
        return block.OperationAt(_order.PlaceAt(100), _order.SeriesAt(100), _order.DurationAt(100)!.Value, Name, Name);
    }

    /// <summary>Its operations in the order of their durations.</summary>
    [Benchmark(Description = "sorting a block by duration")]
    public object Sort()
    {
        using var block = OperationBlock.Open(_packed, new BlockMemory());
        return DurationOrder.Of(block);
    }

    private static string Name(int number) => "name";
}
