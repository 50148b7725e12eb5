using System.Net;
using System.Net.Http.Headers;
using System.Text;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Faults;

/// <summary>Small compressed bodies that decompress to 31 million items, many at once: rejected, in bounded memory, while a small report is still accepted.</summary>
internal static class LargeBodies
{
    private const int Bytes = 62 * 1024 * 1024;
    private const int AtOnce = 6;
    private const int Rounds = 5;
    private const int WarmUp = 100;
    private const int BatchSize = 512;
    private const int Settling = 75;

    private static readonly string[] Targets = ["operations/batch", "operations/batch", "resources", "operations"];

    /// <summary>Sends them and checks the responses and memory.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(TextWriter progress, CancellationToken cancellationToken)
    {
        await progress.WriteLineAsync("Bodies that unpack to 31 million items ...");
        byte[][] bodies = [OddPacking.Pack(Items(",0"), isBrotli: false), OddPacking.Pack(Items(",0"), isBrotli: true), OddPacking.Pack([(byte)'[', .. Items(",0"), (byte)']'], isBrotli: false)];
        await using var portal = await PortalProcess.StartAsync(cancellationToken);
        using var http = new HttpClient { BaseAddress = portal.Api, Timeout = TimeSpan.FromMinutes(2) };
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        // A portal that has just started uses less memory than one under load.
        for (int i = 0; i < WarmUp; i++)
        {
            await SendAsync(http, "operations/batch", SampleBatch.Write(0, i * BatchSize, BatchSize, TimeProvider.System.GetUtcNow()), null, cancellationToken);
            await http.GetStringAsync(new Uri("dashboard", UriKind.Relative), cancellationToken);
        }

        double before = portal.ResidentBytes;
        var most = WatchAsync(portal, watching.Token);
        var answers = new List<HttpStatusCode>();
        var small = new List<HttpStatusCode>();
        for (int round = 0; round < Rounds; round++)
        {
            var sent = Enumerable.Range(0, AtOnce).Select(i => SendAsync(http, Targets[i % Targets.Length], bodies[i % bodies.Length], i % bodies.Length == 1 ? "br" : "gzip", cancellationToken)).ToList();
            small.Add(await SendAsync(http, "operations", Encoding.UTF8.GetBytes("""{"metric_type":"model_operation","operation_name":"small"}"""), null, cancellationToken));
            answers.AddRange(await Task.WhenAll(sent));
        }

        await watching.CancelAsync();
        await Task.Delay(TimeSpan.FromSeconds(Settling), cancellationToken);
        return
        [
            new("bodies that unpack to 31 million items, six at once", answers.Count, ""),
            new("  bytes of one as sent", bodies[0].Length, ""),
            new("  answered 503 for memory", answers.Count(status => status == HttpStatusCode.ServiceUnavailable), ""),
            new("  answered neither 4xx nor 503", answers.Count(status => (int)status is < 400 or >= 500 && status is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.OK)), "", Goal: Goal.AtMost(0)),
            new("  small reports taken meanwhile", small.Count(status => status == HttpStatusCode.Created), "", "of", Rounds, Goal.AtLeast(1)),
            new("  memory at most", await most / 1e6, "MB", Goal: Goal.AtMost(1_000)),
            new("  memory a while later", portal.ResidentBytes / 1e6, "MB", "before", before / 1e6, Goal.AtMost(1.5)),
        ];
    }

    private static byte[] Items(string item)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(item, Bytes / item.Length)) + "]");
        bytes[0] = (byte)'[';
        return bytes;
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient http, string target, byte[] body, string? encoding, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        using var answer = await http.PostAsync(new Uri(target, UriKind.Relative), content, cancellationToken);
        return answer.StatusCode;
    }

    private static async Task<double> WatchAsync(PortalProcess portal, CancellationToken cancellationToken)
    {
        double most = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                most = Math.Max(most, portal.ResidentBytes);
            }
        }
        catch (OperationCanceledException)
        {
            // The last body was answered.
        }

        return most;
    }
}
