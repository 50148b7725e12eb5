using System.IO.Compression;
using System.Net;
using PerfPortal.Domain.Models.Downloads.Errors;
using Xunit;

namespace PerfPortal.Tests.Models.Downloads;

/// <summary>Downloads from servers that misbehave: the file is right, or the error says what is wrong.</summary>
public sealed class OddServerTests
{
    private const int Size = 6 << 20;

    private static readonly byte[] Content = DownloadBench.Random(Size);

    [Fact]
    public async Task A_truncated_answer_is_continued_where_it_ended()
    {
        await using var server = new OddServer(Content);
        server.Behave = (request, number) => number == 1 ? server.Ordinary(request) with { CutAfter = 300_000 } : null;
        await using var bench = new DownloadBench(options => options with { Connections = 1 });
        var result = await bench.LoadAsync(server);
        await IsRightAsync(bench, Content);
        Assert.Equal((1, 0), (result.Retries, result.BytesWasted));
        Assert.Equal(300_000, server.Requests.Last().Range!.Value.From);
        Assert.Equal("\"one\"", server.Requests.Last().Headers["If-Range"]);
        Assert.Matches("^network [0-9.]+ ok$", bench.Operations[0].Metadata["retries"].Text);
    }

    [Fact]
    public async Task A_server_that_restarts_is_waited_for()
    {
        await using var server = new OddServer(Content);
        server.Behave = (request, number) => number <= 3 ? server.Ordinary(request) with { CutAfter = 100_000 } : null;
        await using var bench = new DownloadBench();
        int port = await server.StopAsync();
        var handle = bench.Downloader.Start(bench.Request(new($"http://127.0.0.1:{port}/model.bin")));
        await Api.Eventually.TrueAsync(() => Task.FromResult(handle.Status.Retries > 0), "it tries again");
        server.Listen(port);
        await handle.Completion;
        await IsRightAsync(bench, Content);
    }

    [Fact]
    public async Task A_file_that_changes_in_between_is_loaded_from_its_beginning()
    {
        byte[] changed = DownloadBench.Random(Size, seed: 2);
        await using var bench = new DownloadBench();
        await using var server = new OddServer(Content);
        server.Behave = (request, number) =>
        {
            if (number == 2)
            {
                // Something of the first version must have arrived.
                SpinWait.SpinUntil(() => bench.Downloader.List()[0].BytesDone > 0, TimeSpan.FromSeconds(30));
                (server.Content, server.ETag) = (changed, "\"two\"");
            }

            return number == 1 ? server.Ordinary(request) with { CutAfter = 500_000 } : null;
        };
        var result = await bench.LoadAsync(server);
        await IsRightAsync(bench, changed);
        Assert.Contains("model.bin was started again because it changed on the server.", result.Notes);
        Assert.True(result.BytesWasted > 0);
    }

    [Fact]
    public async Task A_server_without_IfRange_that_changes_the_file_is_found_out_by_its_entity_tag()
    {
        byte[] changed = DownloadBench.Random(Size, seed: 2);
        await using var server = new OddServer(Content);
        server.Behave = (request, number) =>
        {
            if (number == 3)
            {
                (server.Content, server.ETag) = (changed, "\"two\"");
            }

            return server.Ordinary(request with { Headers = request.Headers.Where(header => header.Key != "If-Range").ToDictionary() });
        };
        await using var bench = new DownloadBench();
        await bench.LoadAsync(server);
        await IsRightAsync(bench, changed);
    }

    [Fact]
    public async Task Wrong_ranges_are_not_used()
    {
        await using var server = new OddServer(Content);
        server.Behave = (request, _) => request.Range is { From: > 0 }
            ? new(206, Content[..1000]) { Headers = [$"Content-Range: bytes 0-999/{Size}", "ETag: \"one\""] }
            : null;
        await using var bench = new DownloadBench();
        var result = await bench.LoadAsync(server);
        await IsRightAsync(bench, Content);
        Assert.Contains(result.Notes, note => note.Contains("sends other parts of it than those asked for", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_of_another_length_than_expected_is_refused()
    {
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench();
        var failure = await FailsAsync(bench, bench.Request(server.Url(), size: Size + 1));
        Assert.Equal((DownloadErrorCategory.Integrity, "model.bin has 6,291,456 bytes on 127.0.0.1, but 6,291,457 were expected."), (failure.Category, failure.Message));
        Assert.Empty(Directory.GetFileSystemEntries(bench.Target));
    }

    [Fact]
    public async Task A_body_that_ends_without_saying_so_is_found_out_by_the_expected_length()
    {
        await using var server = new OddServer(Content);
        server.Behave = (_, _) => new(200, Content[..^1]) { HasLength = false };
        await using var bench = new DownloadBench();
        var failure = await FailsAsync(bench, bench.Request(server.Url(), size: Size));
        Assert.Equal(DownloadErrorCategory.Integrity, failure.Category);
        Assert.Contains("it has 6,291,455 bytes", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(bench.Target));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task A_compressed_answer_that_nobody_asked_for_is_unpacked(string encoding)
    {
        using var packed = new MemoryStream();
        await using (Stream packing = encoding == "br" ? new BrotliStream(packed, CompressionLevel.Fastest, true) : new GZipStream(packed, CompressionLevel.Fastest, true))
        {
            await packing.WriteAsync(Content, DownloadBench.Token);
        }

        await using var server = new OddServer(Content);
        server.Behave = (_, _) => new(200, packed.ToArray()) { Headers = [$"Content-Encoding: {encoding}"] };
        await using var bench = new DownloadBench();
        await bench.LoadAsync(bench.Request(server.Url(), DownloadBench.Sha256(Content), Size));
        await IsRightAsync(bench, Content);
        Assert.Equal("identity", server.Requests.First().Headers["Accept-Encoding"]);
    }

    [Fact]
    public async Task Compressed_parts_are_not_joined_and_an_unknown_compression_is_named()
    {
        await using var server = new OddServer(Content);
        server.Behave = (request, _) => request.Range is null
            ? new(200, Content) { Headers = ["Content-Encoding: zstd"] }
            : server.Ordinary(request) is var answer ? answer with { Headers = [.. answer.Headers, "Content-Encoding: zstd"] } : null;
        await using var bench = new DownloadBench();
        var failure = await FailsAsync(bench, bench.Request(server.Url()));
        Assert.Equal(DownloadErrorCategory.Server, failure.Category);
        Assert.Contains("compressed (zstd)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_After_is_honoured()
    {
        await using var server = new OddServer(Content);
        server.Behave = (_, number) => number == 1 ? new(429, []) { Headers = ["Retry-After: 1"] } : null;
        await using var bench = new DownloadBench();
        var result = await bench.LoadAsync(server);
        await IsRightAsync(bench, Content);
        Assert.True(result.Duration >= TimeSpan.FromSeconds(1), $"{result.Duration}");
        Assert.StartsWith("rate_limit 1", bench.Operations[0].Metadata["retries"].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wait_beyond_the_limit_ends_the_download_and_says_so()
    {
        await using var server = new OddServer(Content);
        server.Behave = (_, _) => new(429, []) { Headers = ["Retry-After: 7200"] };
        await using var bench = new DownloadBench();
        var failure = await FailsAsync(bench, bench.Request(server.Url()));
        Assert.Equal((DownloadErrorCategory.RateLimit, TimeSpan.FromHours(2)), (failure.Category, failure.RetryAfter));
        Assert.Contains("because the server asked to wait 2h", failure.Message.Replace("2 h", "2h", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("rate_limit", bench.Operations[0].Metadata["error_category"].Text);
    }

    [Fact]
    public async Task Fewer_connections_are_used_when_the_server_allows_only_one()
    {
        int open = 0;
        await using var server = new OddServer(Content);
        server.Behave = (request, _) => request.Range is { From: > 0 } && Interlocked.Increment(ref open) is 1 or 2 ? new(429, []) : null;
        await using var bench = new DownloadBench();
        await bench.LoadAsync(server);
        await IsRightAsync(bench, Content);
    }

    [Fact]
    public async Task Credentials_are_not_sent_to_another_host()
    {
        await using var storage = new OddServer(Content);
        await using var hub = new OddServer([]);
        hub.Behave = (_, _) => new(302, []) { Headers = [$"Location: {storage.Url("signed", "localhost")}"] };
        await using var bench = new DownloadBench();
        await bench.LoadAsync(bench.Request(hub.Url()) with { Authorization = "Bearer secret", Headers = new Dictionary<string, string> { ["X-Key"] = "hidden" } });
        await IsRightAsync(bench, Content);
        Assert.All(hub.Requests, request => Assert.Equal(("Bearer secret", "hidden"), (request.Headers["Authorization"], request.Headers["X-Key"])));
        Assert.All(storage.Requests, request => Assert.False(request.Headers.ContainsKey("Authorization") || request.Headers.ContainsKey("X-Key")));
        Assert.Single(hub.Requests);
    }

    [Fact]
    public async Task An_address_that_a_redirect_gave_is_asked_for_again_when_it_expires()
    {
        await using var storage = new OddServer(Content);
        storage.Behave = (request, number) => number == 2 ? new(403, []) : null;
        await using var hub = new OddServer([]);
        hub.Behave = (_, _) => new(302, []) { Headers = [$"Location: {storage.Url()}"] };
        await using var bench = new DownloadBench(options => options with { Connections = 2 });
        await bench.LoadAsync(hub);
        await IsRightAsync(bench, Content);
        Assert.True(hub.Requests.Count >= 2);
    }

    [Fact]
    public async Task Redirects_are_bounded()
    {
        await using var server = new OddServer([]);
        server.Behave = (_, _) => new(302, []) { Headers = ["Location: /again"] };
        await using var bench = new DownloadBench(options => options with { MaxRedirects = 3 });
        var failure = await FailsAsync(bench, bench.Request(server.Url()));
        Assert.Equal("127.0.0.1 redirects more than 3 times.", failure.Message);
        Assert.Equal(4, server.Requests.Count);
    }

    [Fact]
    public async Task A_secure_connection_is_not_left_by_a_redirect()
    {
        using var handler = new RedirectHandler(new("http://example.org/file"));
        await using var bench = new DownloadBench(handler: handler);
        var failure = await FailsAsync(bench, bench.Request(new("https://example.org/file")));
        Assert.Contains("redirects from https to http", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, handler.Requests);
    }

    [Fact]
    public async Task A_server_that_sends_a_byte_now_and_then_is_given_up()
    {
        await using var server = new OddServer(Content);
        server.Behave = (request, _) => server.Ordinary(request) with { Drip = TimeSpan.FromMilliseconds(20) };
        await using var bench = new DownloadBench(options => options with { StallTimeout = TimeSpan.FromSeconds(1), MaxRetries = 1, Connections = 1 });
        var failure = await FailsAsync(bench, bench.Request(server.Url()));
        Assert.Equal(DownloadErrorCategory.Network, failure.Category);
        Assert.Matches("^127.0.0.1 sent only [0-9]+ B in 1.0 s. Given up after 1 retry without progress.$", failure.Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_without_ranges_sends_the_whole_file(bool hasLength)
    {
        await using var server = new OddServer(Content);
        server.Behave = (_, number) => new(200, Content) { IsChunked = !hasLength, CutAfter = number == 1 ? 100_000 : int.MaxValue };
        await using var bench = new DownloadBench();
        var result = await bench.LoadAsync(server);
        await IsRightAsync(bench, Content);
        Assert.Equal((1, 100_000, Size), (result.Retries, result.BytesWasted, result.BytesTotal));
    }

    [Fact]
    public async Task Without_validators_and_hash_one_connection_loads_one_version()
    {
        await using var server = new OddServer(Content) { ETag = null, LastModified = null };
        await using var bench = new DownloadBench();
        await bench.LoadAsync(bench.Request(server.Url(), size: Size));
        await IsRightAsync(bench, Content);
        Assert.Equal(2, server.Requests.Count);
        Assert.Null(server.Requests.Last().Range);
    }

    [Fact]
    public async Task A_mirror_helps_when_the_first_server_does_not_have_the_file()
    {
        await using var first = new OddServer([]);
        first.Behave = (_, _) => new(404, []);
        await using var mirror = new OddServer(Content);
        await using var bench = new DownloadBench();
        var result = await bench.LoadAsync(bench.Request(first.Url(), mirrors: mirror.Url()) with { Authorization = "Bearer secret" });
        await IsRightAsync(bench, Content);
        Assert.Contains("The mirror 127.0.0.1 was tried.", result.Notes[0], StringComparison.Ordinal);
        Assert.All(mirror.Requests, request => Assert.False(request.Headers.ContainsKey("Authorization")));
    }

    [Theory]
    [InlineData(404, DownloadErrorCategory.Server, "there is no such file")]
    [InlineData(401, DownloadErrorCategory.Authentication, "it asks for credentials")]
    [InlineData(500, DownloadErrorCategory.Server, "answered 500")]
    public async Task An_error_has_its_category_and_a_sentence(int status, DownloadErrorCategory category, string words)
    {
        await using var server = new OddServer([]);
        server.Behave = (_, _) => new(status, []);
        await using var bench = new DownloadBench(options => options with { MaxRetries = 2 });
        var failure = await FailsAsync(bench, bench.Request(server.Url()));
        Assert.Equal((category, status), (failure.Category, failure.Status));
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.Equal(status == 500 ? 3 : 1, server.Requests.Count);
    }

    [Fact]
    public async Task A_content_damaged_on_the_way_is_loaded_again()
    {
        byte[] damaged = [.. Content];
        damaged[^1] ^= 1;
        await using var server = new OddServer(damaged);
        server.Behave = (request, number) =>
        {
            server.Content = number > 1 && request.Range is { From: 0 } ? Content : server.Content;
            return null;
        };
        await using var bench = new DownloadBench();
        var result = await bench.LoadAsync(bench.Request(server.Url(), DownloadBench.Sha256(Content)));
        await IsRightAsync(bench, Content);
        Assert.Contains("its SHA-256 is", result.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_content_is_refused_and_not_placed()
    {
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench();
        var failure = await FailsAsync(bench, bench.Request(server.Url(), new string('0', 64)));
        Assert.Equal(DownloadErrorCategory.Integrity, failure.Category);
        Assert.Contains($"its SHA-256 is {DownloadBench.Sha256(Content)} instead of 0000", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(bench.Target));
        Assert.Equal(PerfPortal.Domain.Operations.MetadataValue.From(false), bench.Operations[0].Metadata["integrity_verified"]);
    }

    [Fact]
    public async Task An_address_that_is_not_allowed_is_not_connected_to()
    {
        await using var server = new OddServer(Content);
        await using var bench = new DownloadBench(options => options with { AllowAddress = address => !IPAddress.IsLoopback(address) });
        var failure = await FailsAsync(bench, bench.Request(server.Url(host: "localhost")));
        Assert.Equal(DownloadErrorCategory.NotAllowed, failure.Category);
        Assert.Contains("is not allowed as a source of downloads", failure.Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_proxy_gets_the_requests_and_its_password()
    {
        await using var proxy = new OddServer(Content);
        proxy.Behave = (request, _) => request.Headers.ContainsKey("Proxy-Authorization") ? null : new(407, []) { Headers = ["Proxy-Authenticate: Basic realm=\"x\""] };
        await using var bench = new DownloadBench();
        await bench.LoadAsync(bench.Request(new("http://models.invalid/model.bin")) with { Proxy = new($"http://user:word@127.0.0.1:{proxy.Port}") });
        await IsRightAsync(bench, Content);
        Assert.All(proxy.Requests, request => Assert.Equal("http://models.invalid/model.bin", request.Target));
    }

    private static async Task<DownloadException> FailsAsync(DownloadBench bench, PerfPortal.Domain.Models.Downloads.DownloadRequest request) =>
        await Assert.ThrowsAsync<DownloadException>(() => bench.LoadAsync(request));

    private static async Task IsRightAsync(DownloadBench bench, byte[] content)
    {
        Assert.Equal(content, await File.ReadAllBytesAsync(bench.PathOf(), DownloadBench.Token));
        Assert.Equal([bench.PathOf()], Directory.GetFileSystemEntries(bench.Target));
    }

    private sealed class RedirectHandler(Uri to) : HttpMessageHandler
    {
        public int Requests { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = to } });
        }
    }
}
