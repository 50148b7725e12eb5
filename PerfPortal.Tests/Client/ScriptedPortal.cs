using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;

namespace PerfPortal.Tests.Client;

/// <summary>A request that a client sent.</summary>
internal sealed record SentRequest(HttpMethod Method, string Path, string? MediaType, string? Key, string Text, DateTimeOffset At)
{
    /// <summary>The operations of a batch.</summary>
    public IReadOnlyList<JsonElement> Items => Path.EndsWith("/batch", StringComparison.Ordinal)
        ? [.. Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))]
        : [.. JsonElement.Parse(Text).EnumerateArray()];
}

/// <summary>A portal that keeps what it accepts by id. A script can answer in its place, or throw.</summary>
internal sealed class ScriptedPortal(TimeProvider time) : HttpMessageHandler
{
    private readonly Lock _lock = new();
    private readonly List<SentRequest> _requests = [];
    private readonly HashSet<string> _ids = [];

    /// <summary>Answers in place of the portal, or throws; <see langword="null"/> lets the portal answer.</summary>
    public Func<SentRequest, HttpResponseMessage?> Script { get; set; } = _ => null;

    /// <summary>Why an item of a batch is rejected.</summary>
    public Func<JsonElement, string?> Reject { get; set; } = _ => null;

    public IReadOnlyList<SentRequest> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>The requests that report ended operations.</summary>
    public IReadOnlyList<SentRequest> Batches => [.. Requests.Where(request => request.Path.EndsWith("/operations/batch", StringComparison.Ordinal))];

    /// <summary>The requests that report samples.</summary>
    public IReadOnlyList<SentRequest> SampleBatches => [.. Requests.Where(request => request.Path.EndsWith("/resources", StringComparison.Ordinal))];

    /// <summary>What the client told that it lost.</summary>
    public IReadOnlyList<JsonElement> Losses => [.. Requests.Where(request => request.Path.EndsWith("/losses", StringComparison.Ordinal)).Select(request => JsonElement.Parse(request.Text))];

    /// <summary>The names of the accepted operations, in the order of their arrival.</summary>
    public List<string> Names { get; } = [];

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _ids.Count;
            }
        }
    }

    public static HttpResponseMessage Problem(int status, string detail, string? errors = null) => new((HttpStatusCode)status)
    {
        Content = new StringContent($$"""{"status":{{status}},"detail":"{{detail}}"{{(errors is null ? "" : ",\"errors\":" + errors)}}}""", Encoding.UTF8, "application/problem+json"),
    };

    public static HttpResponseMessage Json(string text, int status = 200) => new((HttpStatusCode)status) { Content = new StringContent(text, Encoding.UTF8, "application/json") };

    /// <summary>Nobody listens.</summary>
    public static HttpResponseMessage? Away(SentRequest request) => throw new HttpRequestException("Connection refused");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        string text = "";
        if (request.Content is { } content)
        {
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            await using var plain = content.Headers.ContentEncoding.Contains("gzip") ? new GZipStream(stream, CompressionMode.Decompress) : stream;
            using var reader = new StreamReader(plain, Encoding.UTF8);
            text = await reader.ReadToEndAsync(cancellationToken);
        }

        var sent = new SentRequest(
            request.Method, request.RequestUri!.PathAndQuery, request.Content?.Headers.ContentType?.MediaType, request.Headers.Authorization?.ToString(), text, time.GetUtcNow());
        lock (_lock)
        {
            _requests.Add(sent);
        }

        return Script(sent) ?? Answer(sent);
    }

    private HttpResponseMessage Answer(SentRequest request)
    {
        if (request.Path.EndsWith("/resources", StringComparison.Ordinal))
        {
            return Json($$"""{"accepted":{{request.Items.Count}}}""");
        }

        if (!request.Path.EndsWith("/batch", StringComparison.Ordinal))
        {
            return Json("{}", request.Method == HttpMethod.Post ? 201 : 200);
        }

        int accepted = 0, duplicates = 0, index = 0;
        var rejected = new List<object>();
        lock (_lock)
        {
            foreach (var item in request.Items)
            {
                if (Reject(item) is { } detail)
                {
                    rejected.Add(new { index, detail });
                }
                else if (_ids.Add(item.GetProperty("id").GetString()!))
                {
                    Names.Add(item.GetProperty("operation_name").GetString()!);
                    accepted++;
                }
                else
                {
                    duplicates++;
                }

                index++;
            }
        }

        return Json(JsonSerializer.Serialize(new { accepted, duplicates, rejected }));
    }
}
