using System.CommandLine;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Serve;

/// <summary>The verb <c>serve</c>: the dashboard as programs fetch it, against the least that the web server can answer.</summary>
internal static class ServeVerb
{
    private const int Connections = 16;
    private const int Operations = 100_000;
    private const int BatchSize = 2_000;

    private static readonly byte[] Hello = "Hello, World!"u8.ToArray();

    /// <summary>A text of a few bytes, ready, with its length.</summary>
    public static Yardstick Plaintext { get; } = new("plaintext", _ => { }, app => app.MapGet("/plaintext", context =>
    {
        context.Response.ContentType = "text/plain";
        context.Response.ContentLength = Hello.Length;
        return context.Response.Body.WriteAsync(Hello, 0, Hello.Length);
    }));

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Rounds; the median counts.", DefaultValueFactory = _ => 7, HelpName = "N" };
        var seconds = new Option<double>("--seconds") { Description = "Seconds of each kind a round.", DefaultValueFactory = _ => 2, HelpName = "S" };
        return MeasurementVerb.Create(
            "serve", "Measures how the dashboard is served, warm and computed, against a plaintext endpoint.",
            (arguments, progress, cancellationToken) => MeasureAsync(
                arguments.GetValue(rounds), TimeSpan.FromSeconds(arguments.GetValue(seconds)), progress, cancellationToken), rounds, seconds);
    }

    private static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(int rounds, TimeSpan duration, TextWriter progress, CancellationToken cancellationToken)
    {
        await using var portal = await PortalProcess.StartAsync(cancellationToken);
        await using var yardstick = await YardstickProcess.StartAsync(Plaintext, cancellationToken);
        using var client = new HttpClient { BaseAddress = portal.Api };
        await progress.WriteLineAsync("Loading operations ...");
        for (int first = 0; first < Operations; first += BatchSize)
        {
            await ReportAsync(client, first, BatchSize, cancellationToken);
        }

        byte[] dashboard = HttpLoad.Get(new Uri(portal.Api, "dashboard"));
        byte[] plaintext = HttpLoad.Get(new Uri(yardstick.BaseAddress, "plaintext"));
        await HttpLoad.RunAsync(yardstick, plaintext, 200, Connections, duration);
        await HttpLoad.RunAsync(portal.Server, dashboard, 200, Connections, duration);
        List<HttpLoadResult> warm = [], plain = [], unchanged = [];
        for (int round = 0; round < rounds; round++)
        {
            await progress.WriteLineAsync($"Round {round + 1} of {rounds} ...");
            plain.Add(await HttpLoad.RunAsync(yardstick, plaintext, 200, Connections, duration));
            warm.Add(await HttpLoad.RunAsync(portal.Server, dashboard, 200, Connections, duration));
            byte[] conditional = HttpLoad.Get(new Uri(portal.Api, "dashboard"), $"If-None-Match: {await TagAsync(client, cancellationToken)}\r\n");
            unchanged.Add(await UnchangedAsync(portal.Server, conditional, duration));
        }

        await progress.WriteLineAsync("Computing ...");
        var (computed, computedCpu) = await ComputeAsync(portal, client, dashboard, cancellationToken);
        double plainP99 = Median(plain, P99);
        return
        [
            new("GET /dashboard, warm", Median(warm, item => item.Rate), "requests/s", "plaintext", Median(plain, item => item.Rate), Goal.AtLeast(0.5)),
            new("the same, p99", Median(warm, P99), "µs", "plaintext", plainP99, Goal.AtMost(2)),
            new("the same, server CPU", Median(warm, item => item.ServerCpuUs), "µs/request", "plaintext", Median(plain, item => item.ServerCpuUs)),
            new("GET /dashboard, 304", Median(unchanged, item => item.Rate), "requests/s", "plaintext", Median(plain, item => item.Rate)),
            new("GET /dashboard, computed, median", computed, "ms", Goal: Goal.AtMost(2)),
            new("the same, server CPU", computedCpu, "ms"),
        ];
    }

    /// <summary>An answer that grew old in between is a 200; such a round is not counted.</summary>
    private static async Task<HttpLoadResult> UnchangedAsync(ServerProcess server, byte[] request, TimeSpan duration)
    {
        try
        {
            return await HttpLoad.RunAsync(server, request, 304, Connections, duration);
        }
        catch (InvalidDataException)
        {
            return new(0, double.NaN, [], double.NaN);
        }
    }

    private static double P99(HttpLoadResult result) => Medians.Quantile(result.LatenciesUs, 0.99);

    private static double Median(IEnumerable<HttpLoadResult> results, Func<HttpLoadResult, double> figure) =>
        Medians.Median(results.Where(result => result.Requests > 0).Select(figure));

    private static async Task ReportAsync(HttpClient client, long first, int count, CancellationToken cancellationToken)
    {
        using var body = new ByteArrayContent(SampleBatch.Write(1, first, count, TimeProvider.System.GetUtcNow()));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await client.PostAsync(new Uri("operations/batch", UriKind.Relative), body, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<string> TagAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(new Uri("dashboard", UriKind.Relative), cancellationToken);
        return answer.Headers.ETag!.ToString();
    }

    /// <summary>
    /// Each time something is reported, the cache's half second passes, and the next answer has to be computed. The first ones are not counted:
    /// the runtime compiles what turns out to be hot, first with counters in it and after sixty calls without.
    /// </summary>
    private static async Task<(double Milliseconds, double CpuMilliseconds)> ComputeAsync(PortalProcess portal, HttpClient client, byte[] request, CancellationToken cancellationToken)
    {
        const int WarmUp = 80;
        const int Times = WarmUp + 25;
        using var socket = HttpLoad.Connect(portal.BaseAddress.Port);
        byte[] buffer = new byte[256 * 1024];
        List<double> elapsed = [];
        double cpu = 0;
        string last = "";
        for (int time = 0; time < Times; time++)
        {
            await ReportAsync(client, Operations + time, 1, cancellationToken);
            await Task.Delay(700, cancellationToken);
            double cpuBefore = portal.CpuSeconds;
            long begun = Stopwatch.GetTimestamp();
            byte[] answer = HttpLoad.Exchange(socket, request, buffer);
            double took = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            string body = Encoding.UTF8.GetString(answer);
            if (time >= WarmUp && body[body.IndexOf('{', StringComparison.Ordinal)..] != last)
            {
                elapsed.Add(took);
                cpu += portal.CpuSeconds - cpuBefore;
            }

            last = body[body.IndexOf('{', StringComparison.Ordinal)..];
        }

        return (Medians.Median(elapsed), cpu * 1000 / elapsed.Count);
    }
}
