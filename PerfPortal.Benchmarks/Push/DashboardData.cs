using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Push;

/// <summary>Gives a portal what its dashboard shows: a day of operations and samples of its own host, every sensor among them, and then some more every second.</summary>
internal sealed class DashboardData(Uri api) : IDisposable
{
    private const int OperationsEverySecond = 20;
    private const int BatchSize = 500;
    private static readonly TimeSpan BatchPace = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan CoarsePace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FinePace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Fine = TimeSpan.FromMinutes(20);

    private readonly HttpClient _http = new() { BaseAddress = api };
    private long _next;

    /// <summary>Fills the day before now.</summary>
    /// <exception cref="HttpRequestException">The portal did not take it.</exception>
    public async Task FillAsync(CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        for (var at = now - TimeSpan.FromDays(1) + BatchPace; at <= now; at += BatchPace)
        {
            await PostAsync("operations/batch", SampleBatch.Write(2, _next, BatchSize, at), cancellationToken);
            _next += BatchSize;
        }

        await PostAsync("resources", Samples(now - TimeSpan.FromDays(1), now - Fine, CoarsePace), cancellationToken);
        await PostAsync("resources", Samples(now - Fine, now, FinePace), cancellationToken);
    }

    /// <summary>Reports operations every second until it is stopped.</summary>
    public async Task GoOnAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await PostAsync("operations/batch", SampleBatch.Write(2, _next, OperationsEverySecond, TimeProvider.System.GetUtcNow()), stop);
                _next += OperationsEverySecond;
            }
        }
        catch (OperationCanceledException)
        {
            // The measurement is over.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static byte[] Samples(DateTimeOffset from, DateTimeOffset to, TimeSpan pace)
    {
        var samples = new List<Dictionary<string, object>>();
        for (var at = from; at < to; at += pace)
        {
            double wave = Math.Sin(at.ToUnixTimeSeconds() / 600.0);
            double mixed = (uint)at.ToUnixTimeSeconds() * 2654435761u % 1000 / 1000.0;
            samples.Add(new()
            {
                ["source"] = Environment.MachineName,
                ["sampled_at"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
                ["covered_seconds"] = pace.TotalSeconds,
                ["cpu_percent"] = 40 + (20 * wave) + (20 * mixed),
                ["memory_percent"] = 60 + (10 * wave) + mixed,
                ["network_rx_bytes_per_second"] = 1e6 * (2 + wave + mixed),
                ["network_tx_bytes_per_second"] = 1e5 * (3 - wave + mixed),
                ["gpu_utilization_percent"] = 50 - (20 * wave) + (20 * mixed),
                ["gpu_memory_percent"] = 70 + (5 * wave),
            });
        }

        return Encoding.UTF8.GetBytes(JsonSerializer.Serialize(samples));
    }

    private async Task PostAsync(string path, byte[] json, CancellationToken cancellationToken)
    {
        using var body = new ByteArrayContent(json);
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _http.PostAsync(new Uri(path, UriKind.Relative), body, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        }
    }
}
