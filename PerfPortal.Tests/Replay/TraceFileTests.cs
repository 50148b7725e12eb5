using PerfPortal.Benchmarks.Replay.Traces;
using Xunit;

namespace PerfPortal.Tests.Replay;

public sealed class TraceFileTests : IDisposable
{
    private readonly TraceFixture _traces = new();

    public void Dispose() => _traces.Dispose();

    [Fact]
    public async Task A_lora_job_starts_at_its_creation_and_keeps_what_is_known()
    {
        var row = Assert.IsType<OperationRow>(Assert.Single(await RowsAsync(_traces.Write(
            "lora_request_trace.csv.gz",
            TraceFixture.LoraHeader,
            "2024-11-17 04:44:00,IMG_2_IMG,FAILED,3.5,G0019,67.0,,2.0,30.0,M0013,0"))));
        Assert.Equal(new DateTime(2024, 11, 17, 4, 44, 0, DateTimeKind.Utc), row.Start);
        Assert.Equal(DateTimeKind.Utc, row.Start.Kind);
        Assert.Equal(TimeSpan.FromSeconds(3.5), row.Duration);
        Assert.Equal(("model_operation", "img_2_img", "here", false), (row.MetricType, row.Name, row.Source, row.Succeeded));
        Assert.Equal(
            [
                new("model", "M0013"), new("group", "G0019"), new("num_lora", 0L), new("num_inference_steps", 30L),
                new("num_images_per_prompt", 2L), new("prompt_length", 67L),
            ],
            row.Facts);
    }

    [Theory]
    [InlineData("x_pipeline_inference_data", "model_operation", "pipeline_inference")]
    [InlineData("model_predict_data", "model_operation", "model_predict")]
    [InlineData("queue_rt_raw", "model_operation", "queue_wait")]
    [InlineData("pipeline_update_latency", "download_operation", "pipeline_update")]
    [InlineData("lora_update_latency", "download_operation", "lora_update")]
    [InlineData("basemodel_update_latency", "download_operation", "basemodel_update")]
    public async Task A_latency_is_dated_by_its_end(string name, string metricType, string operation)
    {
        string path = _traces.Write(name + ".csv.gz", "value,container_ip,timestamp_anon", "12773.5,0b6beb4d383cbd13d128,1662859347.0");
        var row = Assert.IsType<OperationRow>(Assert.Single(await RowsAsync(path)));
        Assert.Equal((metricType, operation, "pod-0b6beb4d383c", true), (row.MetricType, row.Name, row.Source, row.Succeeded));
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(1662859347), row.End);
        Assert.Equal(TimeSpan.FromMilliseconds(12773.5), row.Duration);
    }

    [Fact]
    public async Task Gpu_memory_becomes_mebibytes()
    {
        string path = _traces.Write("pod_gpu_memory_used_bytes.csv.gz", TraceFixture.LatencyHeader, "1662858720.0,1048576.0,23b8eba99c14e73d");
        Assert.Equal(
            new SampleRow("pod-23b8eba99c14", DateTime.UnixEpoch.AddSeconds(1662858720), "gpu_memory_used_mb", 1),
            Assert.Single(await RowsAsync(path)));
    }

    [Fact]
    public async Task Rows_that_cannot_be_read_are_skipped_and_the_next_keeps_its_number()
    {
        string path = _traces.Write("model_predict_data.csv.gz", TraceFixture.LatencyHeader, "1662859347.0,abc,0b", "1,2", "1662859347.0,-1,0b", "1662859347.0,5,0b");
        var rows = await RowsAsync(path);
        Assert.All(rows.Take(3), row => Assert.StartsWith("malformed", Assert.IsType<SkippedRow>(row).Reason, StringComparison.Ordinal));
        Assert.Equal(PerfPortal.Benchmarks.Replay.OperationId.Of("model_predict_data.csv", 4), Assert.IsType<OperationRow>(rows[3]).Id);
    }

    [Fact]
    public async Task A_file_that_was_cut_short_is_an_error()
    {
        string path = _traces.Write("model_predict_data.csv.gz", [TraceFixture.LatencyHeader, .. Enumerable.Range(0, 5000).Select(i => $"1662859347.0,{i * 7919 % 5000},0b{i}")]);
        byte[] whole = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(path, whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);
        var error = await Assert.ThrowsAsync<TraceFormatException>(() => RowsAsync(path));
        Assert.Contains("cut short", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_named()
    {
        var error = await Assert.ThrowsAsync<TraceFormatException>(() => RowsAsync("nowhere.csv.gz"));
        Assert.Equal("nowhere.csv.gz: no such file.", error.Message);
    }

    [Fact]
    public async Task An_unknown_file_says_what_is_known()
    {
        var error = await Assert.ThrowsAsync<TraceFormatException>(() => RowsAsync(_traces.Write("x.csv.gz", "a,b", "1,2")));
        Assert.Contains("a, b", error.Message, StringComparison.Ordinal);
        Assert.Contains("lora_request_trace", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Quoted_fields_keep_their_commas() =>
        Assert.Equal(["a,b", "c\"d", ""], CsvRow.Split("\"a,b\",\"c\"\"d\","));

    private static async Task<IReadOnlyList<TraceRow>> RowsAsync(string path)
    {
        var file = await TraceFile.OpenAsync(path, TestContext.Current.CancellationToken);
        var rows = new List<TraceRow>();
        await foreach (var row in file.RowsAsync("here", long.MaxValue, TestContext.Current.CancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }
}
