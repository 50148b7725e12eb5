using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Benchmarks.Replay;
using Xunit;

namespace PerfPortal.Tests.Replay;

public sealed class ReplayCommandTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TraceFixture _traces = new();
    private readonly FakePortal _portal = new();
    private readonly FakeTimeProvider _time = new(Now);
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _errors = new(CultureInfo.InvariantCulture);
    private readonly Notices _notices = new();

    public void Dispose()
    {
        _traces.Dispose();
        _portal.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }

    [Fact]
    public async Task Finished_jobs_are_sent_and_the_others_counted()
    {
        Assert.Equal(0, await RunAsync(Options(Lora())));
        Assert.Equal([true, false, true], _portal.Operations.Select(operation => operation.GetProperty("success").GetBoolean()));
        string summary = _output.ToString();
        Assert.Contains("sent               3", summary, StringComparison.Ordinal);
        Assert.Contains("2 status PENDING: not finished", summary, StringComparison.Ordinal);
        Assert.Contains("1 status PROCESSING: not finished", summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_request_is_the_one_that_the_contract_names()
    {
        await RunAsync(Options(Lora()) with { ApiKey = "secret", Portal = new Uri("http://portal/base/") });
        var request = Assert.Single(_portal.Requests);
        Assert.Equal("http://portal/base/api/v1/performance/operations/batch", request.Address.AbsoluteUri);
        Assert.Equal(("application/x-ndjson", "gzip", "Bearer secret"), (request.MediaType, request.Encoding, request.Key));
        Assert.Equal(
            $$$"""{"id":"{{{OperationId.Of("lora.csv", 1)}}}","metric_type":"model_operation","operation_name":"txt_2_img","source":"genai-api","start_time":"2024-11-15T16:57:50.000000Z","duration_seconds":32.5,"success":true,"metadata":{"model":"M0000","group":"G0000","num_lora":0,"num_inference_steps":30,"num_images_per_prompt":1,"prompt_length":63}}""",
            request.Text.Split('\n')[0]);
    }

    [Fact]
    public async Task A_second_replay_is_all_duplicates_even_when_moved()
    {
        string file = Lora();
        await RunAsync(Options(file));
        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync(Options(file) with { EndingNow = true }));
        Assert.Contains("accepted           0", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("duplicates         3", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ending_now_moves_all_files_by_one_offset()
    {
        string older = _traces.Write("model_predict_data.csv.gz", TraceFixture.LatencyHeader, "1000000000,1500.5,0b");
        string newer = _traces.Write("queue_rt_raw.csv.gz", TraceFixture.LatencyHeader, "1000000600,2000,0b", "1000000100,1,0b");
        await RunAsync(Options(older, newer) with { EndingNow = true });
        DateTimeOffset[] ends = [.. _portal.Operations.Select(End)];
        Assert.Equal([Now.AddSeconds(-601), Now.AddSeconds(-1), Now.AddSeconds(-501)], ends);
    }

    [Fact]
    public async Task Batches_and_limit_are_kept()
    {
        string file = _traces.Write("queue_rt_raw.csv.gz", [TraceFixture.LatencyHeader, .. Enumerable.Range(0, 50).Select(i => $"{1000000000 + i},{i},0b")]);
        await RunAsync(Options(file) with { Batch = 4, Limit = 10 });
        Assert.Equal([4, 4, 2], _portal.Requests.Select(request => request.Text.Count(c => c == '\n')));
    }

    [Fact]
    public async Task Overload_waits_as_long_as_the_portal_asks()
    {
        _portal.Before = request => request == 1 ? Busy(TimeSpan.FromSeconds(7)) : null;
        var run = RunAsync(Options(Lora()));
        await _notices.FirstAsync();
        _time.Advance(TimeSpan.FromSeconds(6.9));
        Assert.Single(_portal.Requests);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(0, await run);
        Assert.Equal(2, _portal.Requests.Count);
        Assert.Equal(_portal.Requests[0].Text, _portal.Requests[1].Text);
        Assert.Contains("503", Assert.Single(_notices.Sentences), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_portal_that_cannot_be_reached_is_given_up_with_a_sentence()
    {
        _portal.Before = _ => throw new HttpRequestException("Connection refused");
        var once = new RetryPolicy { Attempts = 3, FirstDelay = TimeSpan.Zero };
        Assert.Equal(1, await RunAsync(Options(Lora()), once));
        Assert.Equal(3, _portal.Requests.Count);
        Assert.Contains("http://portal/ cannot be reached (Connection refused); given up after 3 attempts.", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_is_final_and_says_what_the_portal_said()
    {
        _portal.Before = _ => new HttpResponseMessage(HttpStatusCode.Unauthorized)
        {
            Content = new StringContent("""{"detail":"No key."}""", Encoding.UTF8, "application/problem+json"),
        };
        Assert.Equal(1, await RunAsync(Options(Lora())));
        Assert.Single(_portal.Requests);
        Assert.Contains("401 (No key.). Give an API key", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_something_else_is_not_taken_for_success()
    {
        _portal.Before = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>") };
        Assert.Equal(1, await RunAsync(Options(Lora())));
        Assert.Contains("Is it a PerfPortal?", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rejected_rows_are_reported_by_their_number_in_the_file()
    {
        _portal.Reject = operation => operation.GetProperty("success").GetBoolean() ? null : "Ended before the retention horizon.";
        Assert.Equal(2, await RunAsync(Options(Lora())));
        string summary = _output.ToString();
        Assert.Contains("accepted           2", summary, StringComparison.Ordinal);
        Assert.Contains("row 3: Ended before the retention horizon.", summary, StringComparison.Ordinal);
        Assert.Contains("MetricsRetentionHours", summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_go_to_the_resources_only_when_asked()
    {
        string file = _traces.Write("pod_gpu_duty_cycle.csv.gz", TraceFixture.LatencyHeader, "1000000000,42.5,23b8eba99c14e7", "1000000060,0,23b8eba99c14e7");
        Assert.Equal(1, await RunAsync(Options(file)));
        Assert.Empty(_portal.Requests);
        Assert.Equal(0, await RunAsync(Options(file) with { Resources = true }));
        var request = Assert.Single(_portal.Requests);
        Assert.Equal(("/api/v1/performance/resources", "application/json"), (request.Address.AbsolutePath, request.MediaType));
        Assert.Equal(
            """[{"source":"pod-23b8eba99c14","sampled_at":"2001-09-09T01:46:40.000000Z","gpu_utilization_percent":42.5},{"source":"pod-23b8eba99c14","sampled_at":"2001-09-09T01:47:40.000000Z","gpu_utilization_percent":0}]""",
            request.Text);
    }

    [Fact]
    public async Task A_trace_without_durations_is_left_out_and_the_others_are_sent()
    {
        string azure = _traces.Write("azure.csv.gz", "TIMESTAMP,ContextTokens,GeneratedTokens", "2023-11-16 18:17:03.9799600,4808,10");
        Assert.Equal(0, await RunAsync(Options(azure, Lora())));
        Assert.Contains("left out: its requests have no duration", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, _portal.Operations.Count());
    }

    [Fact]
    public async Task Nothing_is_sent_when_one_file_is_missing()
    {
        Assert.Equal(1, await RunAsync(Options(Lora(), "nowhere.csv")));
        Assert.Empty(_portal.Requests);
        Assert.Contains("nowhere.csv: no such file.", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_ends_the_wait_and_still_sums_up()
    {
        using var stop = new CancellationTokenSource();
        _portal.Before = request => request == 2 ? Busy(TimeSpan.FromSeconds(60)) : null;
        var run = RunAsync(Options(Lora()) with { Batch = 1 }, cancellationToken: stop.Token);
        await _notices.FirstAsync();
        await stop.CancelAsync();
        Assert.Equal(130, await run);
        Assert.Contains("accepted           1", _output.ToString(), StringComparison.Ordinal);
    }

    private static HttpResponseMessage Busy(TimeSpan retryAfter)
    {
        var response = new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter = new RetryConditionHeaderValue(retryAfter);
        return response;
    }

    private static DateTimeOffset End(JsonElement operation) =>
        operation.GetProperty("start_time").GetDateTimeOffset().AddTicks((long)(operation.GetProperty("duration_seconds").GetDecimal() * TimeSpan.TicksPerSecond));

    private static ReplayOptions Options(params string[] files) => new() { Files = files, Portal = new Uri("http://portal") };

    private string Lora() => _traces.Write(
        "lora.csv.gz",
        TraceFixture.LoraHeader,
        "2024-11-15 16:57:50,TXT_2_IMG,SUCCEED,32.5,G0000,63.0,,1.0,30.0,M0000,0",
        "2024-11-26 22:50:35,TXT_2_IMG,PENDING,0.0,G0325,,,,,,0",
        "2024-11-17 04:44:00,TXT_2_IMG,FAILED,3.0,G0019,67.0,,2.0,30.0,M0013,0",
        "2024-12-05 00:30:12,TXT_2_IMG,PROCESSING,43.0,G3745,61.0,26.0,8.0,30.0,M0011,0",
        "2024-11-26 22:50:40,INPAINTING,PENDING,0.0,G0325,,,,,,0",
        "2024-11-15 18:16:14,INPAINTING,SUCCEED,43.0,G0001,93.0,,1.0,40.0,M0001,2");

    private async Task<int> RunAsync(ReplayOptions options, RetryPolicy? retry = null, CancellationToken? cancellationToken = null)
    {
        using var http = new HttpClient(_portal, disposeHandler: false);
        return await ReplayCommand.RunAsync(
            options, http, retry ?? new RetryPolicy(), _time, _notices, _output, _errors, cancellationToken ?? TestContext.Current.CancellationToken);
    }

    private sealed class Notices : IReplayProgress
    {
        private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<string> Sentences { get; } = [];

        public Task FirstAsync() => _first.Task.WaitAsync(TestContext.Current.CancellationToken);

        public void Begin(long total)
        {
        }

        public void Advance(long rows)
        {
        }

        public void End()
        {
        }

        public void Notice(string sentence)
        {
            Sentences.Add(sentence);
            _first.TrySetResult();
        }
    }
}
