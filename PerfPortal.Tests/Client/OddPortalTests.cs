using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PerfPortal.Domain.Client;
using PerfPortal.Domain.Operations;
using PerfPortal.Tests.Api;
using PerfPortal.Tests.Hosting;
using Xunit;
using PortalClient = PerfPortal.Domain.Client.PortalClient;

namespace PerfPortal.Tests.Client;

/// <summary>What answers is not a portal, or not a healthy one.</summary>
public sealed class OddPortalTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    [Theory]
    [InlineData("")]
    [InlineData(Ok + "Content-Length: 1000\r\n\r\n{")]
    [InlineData("HTTP/1.1 200 OK\r\nConten")]
    public async Task A_portal_that_accepts_and_never_answers_neither_blocks_nor_loses(string begin)
    {
        using var portal = new RawPortal(async (stream, token) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(begin), token);
            await Task.Delay(Timeout.Infinite, token);
        });
        var client = Make(portal, options => options with { RequestTimeout = TimeSpan.FromMilliseconds(300) });
        Track(client, 5_000);
        await Eventually.TrueAsync(() => Task.FromResult(client.Status.LastError is not null), "it has been tried");
        Assert.Equal(("there was no answer within 0.3 s", 5_000, 0), (client.Status.LastError, client.Status.Operations.Queued, client.Status.Operations.Dropped));
        long began = Stopwatch.GetTimestamp();
        await client.DisposeAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.Equal((0, 5_000), (client.Status.Operations.Queued, client.Status.Operations.Dropped));
    }

    [Theory]
    [InlineData("\u0016\u0003\u0001 not HTTP at all")]
    [InlineData(Ok + "Content-Length: 20\r\n\r\n{\"accepted\":")]
    [InlineData(Ok + "Content-Length: 2\r\n\r\n{}")]
    [InlineData(Ok + "Content-Length: 4\r\n\r\nnull")]
    [InlineData(Ok + "Content-Length: 41\r\n\r\n{\"accepted\":1,\"duplicates\":0,\"rejected\":0}")]
    [InlineData(Ok + "Content-Length: 45\r\n\r\n{\"accepted\":-1,\"duplicates\":11,\"rejected\":[]}")]
    [InlineData(Ok + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData("HTTP/1.1 503 Busy\r\nRetry-After: soon\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 503 Busy\r\nRetry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 400 Bad\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\nbad")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")]
    public async Task An_answer_that_makes_no_sense_loses_nothing(string answer)
    {
        using var portal = new RawPortal(async (stream, token) => await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), token));
        var client = Make(portal);
        Track(client, 10);
        await Eventually.TrueAsync(() => Task.FromResult(client.Status.LastError is not null), "it has been tried");
        Assert.Equal((10, 0, 0, 0), (client.Status.Operations.Queued, client.Status.Operations.Sent, client.Status.Operations.Rejected, client.Status.Operations.Dropped));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task An_answer_without_end_is_given_up()
    {
        byte[] block = new byte[64 * 1024];
        using var portal = new RawPortal(async (stream, token) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(Ok + "Connection: close\r\n\r\n"), token);
            while (true)
            {
                await stream.WriteAsync(block, token);
            }
        });
        var client = Make(portal);
        Track(client, 10);
        await Eventually.TrueAsync(() => Task.FromResult(client.Status.LastError is not null), "it has been tried");
        Assert.Equal(("The answer is too long.", 10), (client.Status.LastError, client.Status.Operations.Queued));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_clock_that_differs_from_the_portals_is_told()
    {
        await using var bench = new ClientBench();
        var date = bench.Clock.GetUtcNow().AddMinutes(-7);
        bench.Portal.Script = _ =>
        {
            var answer = ScriptedPortal.Json("""{"accepted":1,"duplicates":0,"rejected":[]}""");
            answer.Headers.Date = date;
            return answer;
        };
        bench.Track("a");
        await bench.UntilAsync(() => bench.Status.Operations.Sent == 1, "it arrives");
        Assert.InRange(bench.Status.ClockAhead!.Value, TimeSpan.FromMinutes(7), TimeSpan.FromMinutes(8));
        await bench.UntilAsync(() => bench.Log.All.Any(entry => entry.Message.Contains("s ahead of the portal's", StringComparison.Ordinal)), "it is told");
        date = bench.Clock.GetUtcNow().AddMinutes(1);
        bench.Track("b");
        await bench.UntilAsync(() => bench.Log.All.Any(entry => entry.Message.Contains("agrees with the portal's again", StringComparison.Ordinal)), "it is told");
        Assert.Single(bench.Log.All, entry => entry.Message.Contains("ahead of the portal's", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Text_that_is_not_valid_unicode_is_reported_with_a_replacement_and_holds_up_nothing()
    {
        await using var bench = new ClientBench();
        using var scope = bench.Client.Tracker.Start(MetricType.ModelOperation, "cut \ud83d");
        scope.Set("text \udc00", "value \udc00");
        scope.Report(1, 2, "B\ud800");
        bench.Track("other");
        await bench.UntilAsync(() => bench.Portal.Count == 1 && bench.Status.Running == 1, "both are reported");
        scope.Fail("error", "cut \ud83d");
        await bench.UntilAsync(() => bench.Portal.Count == 2, "the end arrives");
        var ended = bench.Portal.Batches[^1].Items[0];
        Assert.Equal(("cut \ufffd", "cut \ufffd", "value \ufffd"), (ended.GetProperty("operation_name").GetString(), ended.GetProperty("error_message").GetString(), ended.GetProperty("metadata").GetProperty("text \ufffd").GetString()));
        Assert.Equal(0, bench.Status.Operations.Dropped);
    }

    [Fact]
    public async Task A_flush_waits_for_what_was_reported_before_it_and_for_nothing_else()
    {
        await using var bench = new ClientBench(options => options with { BatchSize = 10 });
        bench.Portal.Script = ScriptedPortal.Away;
        bench.Track("before");
        var flush = bench.Client.FlushAsync(TestContext.Current.CancellationToken);
        await bench.UntilAsync(() => bench.Portal.Batches.Count > 0, "it is tried");
        Assert.False(flush.IsCompleted);

        // The host goes on to report, so that the queue is never empty.
        bench.Portal.Script = _ =>
        {
            bench.Track("more");
            bench.Client.Tracker.Drain();
            return null;
        };
        await bench.UntilAsync(() => flush.IsCompleted, "it is delivered");
        Assert.Contains("before", bench.Portal.Names);
        await flush;
        bench.Portal.Script = _ => null;
    }

    private static PortalClient Make(RawPortal portal, Func<PortalClientOptions, PortalClientOptions>? change = null)
    {
        var options = new PortalClientOptions
        {
            Address = portal.Address,
            Source = "host-a",
            FlushInterval = TimeSpan.FromMilliseconds(50),
            MaxRunning = 0,
            ShutdownGrace = TimeSpan.FromMilliseconds(500),
        };
        return new(change?.Invoke(options) ?? options);
    }

    private static void Track(PortalClient client, int count)
    {
        for (int i = 0; i < count; i++)
        {
            client.Tracker.Start(MetricType.ModelOperation, "n").Complete();
        }

        client.Tracker.Drain();
    }

    /// <summary>Reads a request and answers as it is told, byte by byte.</summary>
    private sealed class RawPortal : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly Func<NetworkStream, CancellationToken, Task> _answer;

        public RawPortal(Func<NetworkStream, CancellationToken, Task> answer)
        {
            _answer = answer;
            _listener.Start();
            Address = new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");
            _ = AcceptAsync();
        }

        public Uri Address { get; }

        public void Dispose()
        {
            _stop.Cancel();
            _listener.Dispose();
            _stop.Dispose();
        }

        private async Task AcceptAsync()
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
        }

        private async Task ServeAsync(TcpClient connection)
        {
            using var _ = connection;
            await using var stream = connection.GetStream();
            byte[] buffer = new byte[64 * 1024];
            await stream.ReadAtLeastAsync(buffer, 1, throwOnEndOfStream: false, _stop.Token);
            await _answer(stream, _stop.Token);

            // Closing at once would reset the connection before the client has read.
            connection.Client.Shutdown(SocketShutdown.Send);
            while (await stream.ReadAsync(buffer, _stop.Token) > 0)
            {
            }
        }
    }
}
