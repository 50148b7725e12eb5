using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Soak;

/// <summary>
/// Reports and queries until it is stopped. A report is sent again, the same bytes, until it is acknowledged: its ids are run and number, so
/// that what must be stored is known by counting.
/// </summary>
internal sealed class SoakClient(Uri api, SoakTally tally) : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(200);

    // Windows that are full before the warm-up (a fifth) of a soak of half an hour is over: an hour would hold ever more to look at while the soak runs.
    private static readonly string[] Questions =
        ["dashboard", "metrics/model_operation?window=5m&limit=50", "report?window=5m", "resources/current", "operations/active", "metrics/health_check?window=5m&q=generate_7"];

    private readonly HttpClient _http = new() { BaseAddress = api, Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Batches of finished operations of one run, at a steady pace.</summary>
    /// <returns>How many operations were acknowledged: the numbers below it.</returns>
    public async Task<long> ReportAsync(int run, int batchSize, TimeSpan pace, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(pace);
        long next = 0;
        while (!stop.IsCancellationRequested)
        {
            byte[] body = SampleBatch.Write(run, next, batchSize, TimeProvider.System.GetUtcNow());
            await SendUntilDoneAsync(HttpMethod.Post, "operations/batch", body, batchSize, batchSize);
            next += batchSize;
            await WaitAsync(timer, stop);
        }

        return next;
    }

    /// <summary>Operations that start, report progress and complete.</summary>
    /// <returns>How many completed.</returns>
    public async Task<long> LiveAsync(int run, TimeSpan pace, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(pace);
        long next = 0;
        while (!stop.IsCancellationRequested)
        {
            var id = SampleBatch.IdOf(run, next);
            await SendUntilDoneAsync(HttpMethod.Post, "operations", Json(new { id, metric_type = "fallback_strategy", operation_name = "choose", source = "soak" }), 0, 0);
            await SendUntilDoneAsync(HttpMethod.Patch, $"operations/{id}", Json(new { progress = new { done = 5, total = 10, unit = "files" } }), 0, 0);
            await SendUntilDoneAsync(HttpMethod.Post, $"operations/{id}/complete", Json(new { success = true }), 1, 0);
            next++;
            await WaitAsync(timer, stop);
        }

        return next;
    }

    /// <summary>Questions, one after the other.</summary>
    public async Task AskAsync(TimeSpan pace, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(pace);
        for (int question = 0; !stop.IsCancellationRequested; question++)
        {
            long begun = Stopwatch.GetTimestamp();
            try
            {
                using var answer = await _http.GetAsync(new Uri(Questions[question % Questions.Length], UriKind.Relative), CancellationToken.None);
                await answer.Content.CopyToAsync(Stream.Null, CancellationToken.None);
                if (answer.IsSuccessStatusCode)
                {
                    tally.Answered(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                }
                else if (IsPassing(answer.StatusCode))
                {
                    tally.Refuse(answer.Headers.RetryAfter is not null);
                }
                else
                {
                    throw new InvalidDataException($"{Questions[question % Questions.Length]}: {(int)answer.StatusCode}");
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException)
            {
                tally.Break();
            }

            await WaitAsync(timer, stop);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static byte[] Json(object body) => Encoding.UTF8.GetBytes(JsonSerializer.Serialize(body));

    private static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;

    private static async Task WaitAsync(PeriodicTimer timer, CancellationToken stop)
    {
        try
        {
            await timer.WaitForNextTickAsync(stop);
        }
        catch (OperationCanceledException)
        {
            // The load ends with what is on its way.
        }
    }

    /// <summary>A conflict tells that the report had arrived before: its answer was lost with the process.</summary>
    private async Task SendUntilDoneAsync(HttpMethod method, string path, byte[] json, int operations, int items)
    {
        for (bool isFirst = true; ; isFirst = false)
        {
            long begun = Stopwatch.GetTimestamp();
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = new ByteArrayContent(json) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                using var answer = await _http.SendAsync(request, CancellationToken.None);
                string body = await answer.Content.ReadAsStringAsync(CancellationToken.None);
                if (answer.IsSuccessStatusCode || (answer.StatusCode == HttpStatusCode.Conflict && !isFirst))
                {
                    if (items > 0)
                    {
                        Check(body, items);
                    }

                    tally.Acknowledge(operations, Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                    return;
                }

                if (!IsPassing(answer.StatusCode))
                {
                    throw new InvalidDataException($"{path}: {(int)answer.StatusCode} {body}");
                }

                tally.Refuse(answer.Headers.RetryAfter is not null);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException)
            {
                tally.Break();
            }

            await Task.Delay(Timeout);
        }
    }

    private static void Check(string body, int items)
    {
        using var document = JsonDocument.Parse(body);
        int taken = document.RootElement.GetProperty("accepted").GetInt32() + document.RootElement.GetProperty("duplicates").GetInt32();
        if (taken != items)
        {
            throw new InvalidDataException($"Of {items} operations {taken} were taken: {body[..Math.Min(body.Length, 500)]}");
        }
    }
}
