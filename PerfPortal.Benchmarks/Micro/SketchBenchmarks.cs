using BenchmarkDotNet.Attributes;
using HdrHistogram;
using PerfPortal.Domain.Statistics;

namespace PerfPortal.Benchmarks.Micro;

/// <summary>Counting durations, beside a histogram of two significant digits over the same range (µs to 115 days).</summary>
public class SketchBenchmarks
{
    private const int Values = 4_096;

    private readonly double[] _seconds = [.. Enumerable.Range(0, Values).Select(Duration)];
    private readonly LongHistogram _histogram = new(10_000_000_000_000, 2);
    private readonly DurationSketch _sketch = new();
    private readonly DurationSketch[] _minutes = [.. Enumerable.Range(0, 60).Select(Minute)];

    /// <summary>A value into a histogram.</summary>
    [Benchmark(Description = "a value into HdrHistogram", Baseline = true, OperationsPerInvoke = Values)]
    public void Record()
    {
        foreach (double seconds in _seconds)
        {
            _histogram.RecordValue((long)(seconds * 1e6));
        }
    }

    /// <summary>A value into a sketch.</summary>
    [Benchmark(Description = "a value into a sketch", OperationsPerInvoke = Values)]
    public void Add()
    {
        foreach (double seconds in _seconds)
        {
            _sketch.Add(seconds);
        }
    }

    /// <summary>The sketches of an hour's minutes into one.</summary>
    [Benchmark(Description = "60 sketches of 200 values into one")]
    public DurationSketch Merge()
    {
        var hour = new DurationSketch();
        foreach (var minute in _minutes)
        {
            hour.Merge(minute);
        }

        return hour;
    }

    /// <summary>A quantile of an hour.</summary>
    [Benchmark(Description = "a quantile of a sketch")]
    public double? Quantile() => _minutes[0].Quantile(0.95);

    private static DurationSketch Minute(int minute)
    {
        var sketch = new DurationSketch();
        for (int i = 0; i < 200; i++)
        {
            sketch.Add(Duration((minute * 200) + i));
        }

        return sketch;
    }

    // From 5 ms to 20 s, evenly by magnitude.
    private static double Duration(int i) => Math.Exp(((uint)i * 2654435761u / (double)uint.MaxValue * 8) - 5);
}
