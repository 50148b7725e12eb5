using System.Text.Json;
using BenchmarkDotNet.Attributes;
using PerfPortal.Benchmarks.Ingest;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Server.Intake;

namespace PerfPortal.Benchmarks.Micro;

/// <summary>Reading a report of 512 operations.</summary>
public class DecodingBenchmarks
{
    private const int Operations = 512;

    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly byte[] _body;

    /// <summary>Makes the report.</summary>
    public DecodingBenchmarks() => _body = SampleBatch.Write(0, 0, Operations, _now);

    /// <summary>By the code that System.Text.Json generates.</summary>
    [Benchmark(Description = "an operation by source generation", Baseline = true, OperationsPerInvoke = Operations)]
    public object? Generated() => JsonSerializer.Deserialize(_body, ReportedItemJson.Default.ReportedItemArray);

    /// <summary>By the portal's walk over the bytes, everything checked.</summary>
    [Benchmark(Description = "an operation by the walk", OperationsPerInvoke = Operations)]
    public object Walk() => BatchReader.ReadArray(_body, "key", _now);
}
