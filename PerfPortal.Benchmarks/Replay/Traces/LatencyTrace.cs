namespace PerfPortal.Benchmarks.Replay.Traces;

/// <summary>
/// Latencies of a generation service, one operation a row, in any order of columns:
/// <code>
/// timestamp_anon,value,container_ip
/// 1662859290.0,2639.0,086b31f81b1cf0f15e43fe568e3fb8e4
/// </code>
/// <c>timestamp_anon</c> (Unix seconds) is the end, <c>value</c> the duration in milliseconds. The trace knows no failures: every row succeeded.
/// The columns are the same in all of them, so the file's name identifies the trace.
/// </summary>
internal sealed class LatencyTrace : TraceShape
{
    private static readonly IReadOnlyList<KeyValuePair<string, object>> NoFacts = [];

    private readonly string _file;
    private readonly string _metricType;
    private readonly string _name;

    private LatencyTrace(string file, string metricType, string name)
    {
        _file = file;
        _metricType = metricType;
        _name = name;
    }

    /// <summary>One shape for each file.</summary>
    public static IReadOnlyList<LatencyTrace> All { get; } =
    [
        new("pipeline_inference_data", "model_operation", "pipeline_inference"),
        new("model_predict_data", "model_operation", "model_predict"),
        new("queue_rt_raw", "model_operation", "queue_wait"),
        new("pipeline_update_latency", "download_operation", "pipeline_update"),
        new("lora_update_latency", "download_operation", "lora_update"),
        new("basemodel_update_latency", "download_operation", "basemodel_update"),
    ];

    /// <summary>What their file names contain.</summary>
    public static IEnumerable<string> Names => All.Select(shape => shape._file);

    /// <inheritdoc/>
    public override TraceKind Kind => TraceKind.Operations;

    /// <inheritdoc/>
    public override bool Reads(string trace, IReadOnlyCollection<string> columns) =>
        trace.Contains(_file, StringComparison.OrdinalIgnoreCase) && columns.Contains("timestamp_anon") && columns.Contains("value");

    /// <inheritdoc/>
    public override TraceRow Read(CsvRow row, string source)
    {
        if (row.Number64("timestamp_anon") is not { } end)
        {
            return new SkippedRow("no time");
        }

        if (row.Number64("value") is not { } milliseconds)
        {
            return new SkippedRow("no duration");
        }

        var duration = TraceTime.Duration(milliseconds / 1000);
        return new OperationRow(
            OperationId.Of(row.Trace, row.Number),
            _metricType,
            _name,
            Pod.Source(row, source),
            TraceTime.Unix(end) - duration,
            duration,
            Succeeded: true,
            NoFacts);
    }
}
