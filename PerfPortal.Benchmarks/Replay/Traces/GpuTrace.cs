namespace PerfPortal.Benchmarks.Replay.Traces;

/// <summary>
/// GPU measurements of pods, one value a row, in any order of columns:
/// <code>
/// timestamp_anon,value,container_ip
/// 1662858720.0,33879490560.0,23b8eba99c14e73d454503a55ae96989
/// </code>
/// Each row becomes one resource sample with one member.
/// </summary>
internal sealed class GpuTrace : TraceShape
{
    private const double BytesPerMb = 1 << 20;

    private readonly string _file;
    private readonly string _metric;
    private readonly double _unit;

    private GpuTrace(string file, string metric, double unit)
    {
        _file = file;
        _metric = metric;
        _unit = unit;
    }

    /// <summary>One shape for each file.</summary>
    public static IReadOnlyList<GpuTrace> All { get; } =
    [
        new("pod_gpu_duty_cycle", "gpu_utilization_percent", 1),
        new("pod_gpu_memory_used_bytes", "gpu_memory_used_mb", BytesPerMb),
    ];

    /// <summary>What their file names contain.</summary>
    public static IEnumerable<string> Names => All.Select(shape => shape._file);

    /// <inheritdoc/>
    public override TraceKind Kind => TraceKind.Samples;

    /// <inheritdoc/>
    public override bool Reads(string trace, IReadOnlyCollection<string> columns) =>
        trace.Contains(_file, StringComparison.OrdinalIgnoreCase) && columns.Contains("timestamp_anon") && columns.Contains("value");

    /// <inheritdoc/>
    public override TraceRow Read(CsvRow row, string source)
    {
        if (row.Number64("timestamp_anon") is not { } time)
        {
            return new SkippedRow("no time");
        }

        if (row.Number64("value") is not { } value)
        {
            return new SkippedRow("no value");
        }

        return new SampleRow(Pod.Source(row, source), TraceTime.Unix(time), _metric, value / _unit);
    }
}
