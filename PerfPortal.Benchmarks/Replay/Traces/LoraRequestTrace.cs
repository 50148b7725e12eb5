using System.Globalization;

namespace PerfPortal.Benchmarks.Replay.Traces;

/// <summary>
/// Image-generation jobs, one a row:
/// <code>
/// gmt_create,predict_type,predict_status,exec_time_seconds,groupId,prompt_length,negative_prompt_length,num_images_per_prompt,num_inference_steps,checkpoint_model_version_id,num_lora
/// 2024-11-15 16:57:50,TXT_2_IMG,SUCCEED,32.0,G0000,63.0,26.0,1.0,30.0,M0000,0
/// </code>
/// <c>gmt_create</c> is taken as the start, in UTC. Jobs that are still PENDING or PROCESSING are no finished operations and are skipped;
/// so would a finished job without an execution time be, rather than get an invented one (the published trace has none).
/// </summary>
internal sealed class LoraRequestTrace : TraceShape
{
    private static readonly (string Column, string Fact)[] Counts =
    [
        ("num_lora", "num_lora"),
        ("num_inference_steps", "num_inference_steps"),
        ("num_images_per_prompt", "num_images_per_prompt"),
        ("prompt_length", "prompt_length"),
        ("negative_prompt_length", "negative_prompt_length"),
    ];

    /// <inheritdoc/>
    public override TraceKind Kind => TraceKind.Operations;

    /// <inheritdoc/>
    public override bool Reads(string trace, IReadOnlyCollection<string> columns) =>
        columns.Contains("gmt_create") && columns.Contains("predict_status") && columns.Contains("predict_type") && columns.Contains("exec_time_seconds");

    /// <inheritdoc/>
    public override TraceRow Read(CsvRow row, string source)
    {
        string status = row.Text("predict_status") ?? "(empty)";
        if (status is not ("SUCCEED" or "FAILED"))
        {
            return new SkippedRow($"status {status}: not finished");
        }

        if (row.Number64("exec_time_seconds") is not { } seconds)
        {
            return new SkippedRow("finished, but without an execution time");
        }

        var start = DateTime.ParseExact(
            row.Text("gmt_create") ?? "",
            "yyyy-MM-dd HH:mm:ss",
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
        return new OperationRow(
            OperationId.Of(row.Trace, row.Number),
            "model_operation",
            (row.Text("predict_type") ?? "unknown").ToLowerInvariant(),
            source,
            start,
            TraceTime.Duration(seconds),
            status == "SUCCEED",
            Facts(row));
    }

    private static List<KeyValuePair<string, object>> Facts(CsvRow row)
    {
        var facts = new List<KeyValuePair<string, object>>(7);
        if (row.Text("checkpoint_model_version_id") is { } model)
        {
            facts.Add(new("model", model));
        }

        if (row.Text("groupId") is { } group)
        {
            facts.Add(new("group", group));
        }

        foreach ((string column, string fact) in Counts)
        {
            if (row.Number64(column) is { } value)
            {
                facts.Add(new(fact, double.IsInteger(value) ? (object)(long)value : value));
            }
        }

        return facts;
    }
}
