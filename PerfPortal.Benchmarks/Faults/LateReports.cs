using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PerfPortal.Benchmarks.Measuring;
using PerfPortal.Benchmarks.Soak;

namespace PerfPortal.Benchmarks.Faults;

/// <summary>
/// Reports far out of order: small batches whose ends are spread over a day, then large ones whose ends are at random over six days.
/// Starts reported meanwhile are acknowledged quickly, and stopping, killing and restarting are not delayed.
/// </summary>
internal static class LateReports
{
    private const int SmallBatch = 500;
    private const int LargeBatch = 20_000;
    private const int LargeBatches = 20;
    private const int Run = 11;

    /// <summary>Reports them and checks the speed, the responses to other reports, and the restarts.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(int operations, TextWriter progress, CancellationToken cancellationToken)
    {
        await progress.WriteLineAsync($"{operations:N0} reports over a day, then late ones over six days ...");
        await using var portal = await PortalProcess.StartAsync(cancellationToken);
        using var http = new HttpClient { BaseAddress = portal.Api, Timeout = TimeSpan.FromMinutes(10) };
        var random = new Random(5);
        var now = TimeProvider.System.GetUtcNow();
        long reported = 0;
        for (; reported < operations; reported += SmallBatch)
        {
            await ReportAsync(http, reported, SmallBatch, i => now.AddSeconds(-random.NextDouble() * 86_400), cancellationToken);
        }

        double before = portal.ResidentBytes;
        var ordered = await RunAsync(portal, http, reported, i => now.AddMilliseconds(i / (double)LargeBatch), cancellationToken);
        var late = await RunAsync(portal, http, reported + ordered.Reported, _ => now.AddSeconds(-random.NextDouble() * 6 * 86_400), cancellationToken);
        reported += ordered.Reported + late.Reported;
        double memory = portal.ResidentBytes;

        // The last batches are not in the rollups yet, so their minutes must be rebuilt.
        await ReportAsync(http, reported, LargeBatch, _ => now.AddSeconds(-random.NextDouble() * 6 * 86_400), cancellationToken);
        reported += LargeBatch;
        await portal.KillAsync();
        var killed = await portal.StartAgainAsync(cancellationToken);
        await ReportAsync(http, reported, LargeBatch, _ => now.AddSeconds(-random.NextDouble() * 6 * 86_400), cancellationToken);
        reported += LargeBatch;
        long asked = TimeProvider.System.GetTimestamp();
        await portal.StopAsync(cancellationToken);
        double stopped = TimeProvider.System.GetElapsedTime(asked).TotalSeconds;
        await portal.StartAgainAsync(cancellationToken);
        long stored = await SettledAsync(portal, now.AddDays(-7), reported, cancellationToken);
        return
        [
            new("late reports, ends at random over six days", late.PerSecond, "operations/s", "ends in order", ordered.PerSecond, Goal.AtLeast(0.2)),
            new("  the longest batch of 20,000", late.LongestBatch, "s", Goal: Goal.AtMost(10)),
            new("  the longest answer to a start meanwhile", late.LongestStart, "s", Goal: Goal.AtMost(10)),
            new("  starts that were refused", late.Refused, "", Goal: Goal.AtMost(0)),
            new("  memory afterwards", memory / 1e6, "MB", "before", before / 1e6, Goal.AtMost(1.5)),
            new("  ready after kill -9", killed.TotalSeconds, "s", Goal: Goal.AtMost(2)),
            new("  ended after SIGTERM", stopped, "s", Goal: Goal.AtMost(30)),
            new("  operations lost", Math.Max(0, reported - stored), "", Goal: Goal.AtMost(0)),
            new("  operations stored twice", Math.Max(0, stored - reported), "", Goal: Goal.AtMost(0)),
        ];
    }

    private static async Task<Result> RunAsync(PortalProcess portal, HttpClient http, long first, Func<int, DateTimeOffset> endOf, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var starting = StartOthersAsync(portal, stop.Token);
        double longest = 0;
        long begun = TimeProvider.System.GetTimestamp();
        for (int batch = 0; batch < LargeBatches; batch++)
        {
            long asked = TimeProvider.System.GetTimestamp();
            await ReportAsync(http, first + (batch * (long)LargeBatch), LargeBatch, endOf, cancellationToken);
            longest = Math.Max(longest, TimeProvider.System.GetElapsedTime(asked).TotalSeconds);
        }

        double seconds = TimeProvider.System.GetElapsedTime(begun).TotalSeconds;
        await stop.CancelAsync();
        var (longestStart, refused) = await starting;
        return new(LargeBatches * (long)LargeBatch, LargeBatches * LargeBatch / seconds, longest, longestStart, refused);
    }

    private static async Task<(double Longest, int Refused)> StartOthersAsync(PortalProcess portal, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = portal.Api, Timeout = TimeSpan.FromMinutes(10) };
        var (longest, refused) = (0.0, 0);
        try
        {
            while (true)
            {
                long asked = TimeProvider.System.GetTimestamp();
                using var content = new StringContent("""{"metric_type":"model_operation","operation_name":"innocent","source":"others"}""", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
                using var answer = await http.PostAsync(new Uri("operations", UriKind.Relative), content, cancellationToken);
                refused += answer.StatusCode == HttpStatusCode.Created ? 0 : 1;
                longest = Math.Max(longest, TimeProvider.System.GetElapsedTime(asked).TotalSeconds);
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            return (longest, refused);
        }
    }

    private static async Task ReportAsync(HttpClient http, long first, int count, Func<int, DateTimeOffset> endOf, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(Write(first, count, endOf)) { Headers = { ContentType = new("application/json") } };
        using var answer = await http.PostAsync(new Uri("operations/batch", UriKind.Relative), content, cancellationToken);
        string said = await answer.Content.ReadAsStringAsync(cancellationToken);
        if (!answer.IsSuccessStatusCode || JsonDocument.Parse(said).RootElement.GetProperty("accepted").GetInt32() != count)
        {
            throw new InvalidDataException($"{(int)answer.StatusCode}: not all were accepted: {said[..Math.Min(200, said.Length)]}");
        }
    }

    private static byte[] Write(long first, int count, Func<int, DateTimeOffset> endOf)
    {
        var buffer = new ArrayBufferWriter<byte>(count * 200);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();
        for (int i = 0; i < count; i++)
        {
            json.WriteStartObject();
            json.WriteString("id", SampleBatch.IdOf(Run, first + i));
            json.WriteString("metric_type", "model_operation");
            json.WriteString("operation_name", string.Create(CultureInfo.InvariantCulture, $"generate_{i % 20}"));
            json.WriteString("source", "late");
            json.WriteString("start_time", endOf(i).AddSeconds(-1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture));
            json.WriteNumber("duration_seconds", 1);
            json.WriteBoolean("success", i % 40 != 0);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static async Task<long> SettledAsync(PortalProcess portal, DateTimeOffset since, long expected, CancellationToken cancellationToken)
    {
        long stored = 0;
        for (int i = 0; i < 60 && stored != expected; i++)
        {
            stored = await SoakCheck.CountAsync(portal, since, "late", cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }

        return stored;
    }

    private sealed record Result(long Reported, double PerSecond, double LongestBatch, double LongestStart, int Refused);
}
