using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using PerfPortal.Benchmarks.Measuring;

namespace PerfPortal.Benchmarks.Faults;

/// <summary>Very many inputs that are wrong: bodies, queries and headers over HTTP, requests that are no HTTP, messages that the hub does not know.</summary>
internal static class OddInputs
{
    private const int Clients = 6;
    private const int HubEvery = 50;
    private const int RawEvery = 40;
    private const int Told = 20;
    private const int VersionNotSupported = 505;
    private static readonly byte[][] NoRequests =
    [
        "GET\r\n\r\n"u8.ToArray(), "GET / HTTP/9.9\r\nHost: x\r\n\r\n"u8.ToArray(), "\0\0\0\0"u8.ToArray(), "POST /api/v1/performance/operations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n"u8.ToArray(),
        "POST /api/v1/performance/operations HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"u8.ToArray(), "GET /api/v1/performance/dashboard HTTP/1.1\r\nHost: a b\r\n\r\n"u8.ToArray(),
        "GET /api/v1/performance/dashboard HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-None-Match: \"\"\"\r\nAccept: ;;q=\r\nRange: bytes=9-1\r\nConnection: close\r\n\r\n"u8.ToArray(),
        Encoding.ASCII.GetBytes($"GET /api/v1/performance/dashboard HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: {new string('a', 40_000)}\r\n\r\n"),
    ];

    /// <summary>Sends them and looks at what becomes of the portal.</summary>
    public static async Task<IReadOnlyList<MeasuredRow>> MeasureAsync(int inputs, TextWriter progress, CancellationToken cancellationToken)
    {
        await progress.WriteLineAsync($"{inputs:N0} inputs that are wrong ...");
        await using var portal = await PortalProcess.StartAsync(cancellationToken);
        var endpoints = await EndpointsAsync(portal, cancellationToken);
        var tally = new Tally();

        // The first tenth fills what is held anyway.
        await SendAsync(portal, endpoints, inputs / 10, 1, tally, progress, cancellationToken);
        double warm = portal.ResidentBytes;
        await SendAsync(portal, endpoints, inputs - (inputs / 10), 1_000, tally, progress, cancellationToken);
        double end = portal.ResidentBytes;
        using var http = new HttpClient { BaseAddress = portal.BaseAddress };
        using var ready = await http.GetAsync(new Uri("readyz", UriKind.Relative), cancellationToken);
        return
        [
            new("wrong inputs sent", tally.Sent, ""),
            new("  of them to the hub", tally.Hub, ""),
            new("  answered 2xx or 3xx: not wrong enough", tally.Taken, ""),
            new("  answered 4xx", tally.Refused, ""),
            new("  answered 5xx", tally.Failed, "", Goal: Goal.AtMost(0)),
            new("  not answered, over HTTP", tally.Broken, "", Goal: Goal.AtMost(0)),
            new("  ready afterwards", ready.IsSuccessStatusCode ? 1 : 0, "", Goal: Goal.AtLeast(1)),
            new("  memory afterwards", end / 1e6, "MB", "after a tenth of them", warm / 1e6, Goal.AtMost(1.1)),
        ];
    }

    private static async Task<List<(HttpMethod, string)>> EndpointsAsync(PortalProcess portal, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = portal.BaseAddress };
        using var document = JsonDocument.Parse(await http.GetStringAsync(new Uri("openapi/v1.json", UriKind.Relative), cancellationToken));
        return
        [
            .. document.RootElement.GetProperty("paths").EnumerateObject()
                .Where(path => !path.Name.EndsWith("/stream", StringComparison.Ordinal))
                .SelectMany(path => path.Value.EnumerateObject().Select(method => (new HttpMethod(method.Name.ToUpperInvariant()), path.Name))),
        ];
    }

    private static Task SendAsync(PortalProcess portal, List<(HttpMethod, string)> endpoints, int inputs, int seed, Tally tally, TextWriter progress, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(
            () => SendAsync(portal, new OddRequests(seed + client, endpoints, [SampleBatch.IdOf(1, client)]), inputs / Clients, tally, progress, cancellationToken), cancellationToken)));

    private static async Task SendAsync(PortalProcess portal, OddRequests requests, int inputs, Tally tally, TextWriter progress, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = portal.BaseAddress, Timeout = TimeSpan.FromSeconds(60) };
        for (int i = 0; i < inputs; i++)
        {
            tally.Send();
            if (i % HubEvery == 0)
            {
                await TellHubAsync(portal, requests.Spoilt(), tally, cancellationToken);
            }
            else if (i % RawEvery == 0)
            {
                tally.Answer(await SendRawAsync(portal, NoRequests[i / RawEvery % NoRequests.Length], cancellationToken));
            }
            else
            {
                var odd = requests.Next();
                int status = await SendOddAsync(http, odd, cancellationToken);
                tally.Answer(status);
                if (status is 0 or >= 500 && tally.Failed + tally.Broken <= Told)
                {
                    await progress.WriteLineAsync($"{status} {odd.Method} {odd.Target} {Encoding.UTF8.GetString(odd.Body ?? [])}");
                }
            }
        }
    }

    private static async Task<int> SendOddAsync(HttpClient http, OddRequest odd, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(odd.Method, odd.Target);
        if (odd.Body is not null)
        {
            request.Content = new ByteArrayContent(odd.Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(odd.MediaType);
            if (odd.Encoding is not null)
            {
                request.Content.Headers.ContentEncoding.Add(odd.Encoding);
            }
        }

        if (odd.IfMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", odd.IfMatch);
        }

        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await answer.Content.CopyToAsync(Stream.Null, cancellationToken);
            return (int)answer.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return 0;
        }
    }

    /// <summary>What is no request is answered 400, or 505 to another version (RFC 9110, 15.6.6), or the connection ends; all are right.</summary>
    private static async Task<int> SendRawAsync(PortalProcess portal, byte[] bytes, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
        await socket.ConnectAsync(portal.BaseAddress.Host, portal.BaseAddress.Port, cancellationToken);
        await socket.SendAsync(bytes, cancellationToken);
        socket.Shutdown(SocketShutdown.Send);
        byte[] head = new byte[16];
        try
        {
            int read = await socket.ReceiveAsync(head, cancellationToken);
            return read >= 12 && int.TryParse(Encoding.ASCII.GetString(head, 9, 3), out int status) && status != VersionNotSupported ? status : 400;
        }
        catch (SocketException)
        {
            return 400;
        }
    }

    private static async Task TellHubAsync(PortalProcess portal, byte[] message, Tally tally, CancellationToken cancellationToken)
    {
        tally.Tell();
        using var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(new UriBuilder(new Uri(portal.BaseAddress, "hubs/performance")) { Scheme = "ws" }.Uri, cancellationToken);
            await socket.SendAsync("{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, true, cancellationToken);
            await socket.SendAsync((byte[])[.. message, 0x1e], WebSocketMessageType.Text, true, cancellationToken);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException)
        {
            // The portal may end such a conversation.
        }
    }

    private sealed class Tally
    {
        private long _sent;
        private long _hub;
        private long _taken;
        private long _refused;
        private long _failed;
        private long _broken;

        public long Sent => _sent;

        public long Hub => _hub;

        public long Taken => _taken;

        public long Refused => _refused;

        public long Failed => _failed;

        public long Broken => _broken;

        public void Send() => Interlocked.Increment(ref _sent);

        public void Tell() => Interlocked.Increment(ref _hub);

        public void Answer(int status)
        {
            if (status == 0)
            {
                Interlocked.Increment(ref _broken);
            }
            else if (status < 400)
            {
                Interlocked.Increment(ref _taken);
            }
            else if (status < 500)
            {
                Interlocked.Increment(ref _refused);
            }
            else
            {
                Interlocked.Increment(ref _failed);
            }
        }
    }
}
