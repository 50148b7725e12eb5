using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace PerfPortal.Domain.Client;

/// <summary>Sends requests to the portal. Redirects are not followed, so that the key goes nowhere else. Thread-safe.</summary>
internal sealed class PortalHttp : IDisposable
{
    /// <summary>The media type of NDJSON.</summary>
    public const string Lines = "application/x-ndjson";

    /// <summary>The media type of JSON.</summary>
    public const string Json = "application/json";

    private const string Api = "/api/v1/performance/";
    private const int MaxAnswerBytes = 16 * 1024 * 1024;
    private const int MaxReasonCharacters = 300;
    private const long Unknown = long.MinValue;

    private readonly HttpClient _http;
    private readonly string _root;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly TimeProvider _time;
    private long _ticksAhead = Unknown;

    public PortalHttp(PortalClientOptions options, HttpMessageHandler? handler, TimeProvider time)
    {
        // Connections are renewed so that a changed DNS record is noticed; requests of the client do not appear in the traces of the host.
        _http = handler is null
            ? new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5), ConnectTimeout = TimeSpan.FromSeconds(10), ActivityHeadersPropagator = null })
            : new(handler, disposeHandler: false);
        _http.Timeout = Timeout.InfiniteTimeSpan;
        _root = options.Address.AbsoluteUri.TrimEnd('/') + Api;
        _authorization = options.Key is { } key ? new("Bearer", key) : null;
        _time = time;
    }

    /// <summary>How far the clock of this host is ahead of the portal's, to the second, as of the latest answer; <see langword="null"/> before the first.</summary>
    public TimeSpan? ClockAhead
    {
        get => Interlocked.Read(ref _ticksAhead) is var ticks && ticks != Unknown ? TimeSpan.FromTicks(ticks) : null;
        private set => Interlocked.Exchange(ref _ticksAhead, value?.Ticks ?? Unknown);
    }

    /// <summary>Sends a request.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path below the root of the API.</param>
    /// <param name="content">The body, or <see langword="null"/>.</param>
    /// <param name="timeout">How long it can take.</param>
    /// <param name="cancellationToken">Cancels the request; whether the portal carried it out is then unknown.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled. Nothing else is thrown.</exception>
    public async Task<PortalAnswer> SendAsync(HttpMethod method, string path, HttpContent? content, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(method, _root + path) { Content = content };
            request.Headers.Authorization = _authorization;
            request.Headers.Accept.ParseAdd("application/json, application/problem+json");
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token).ConfigureAwait(false);
            ClockAhead = response.Headers.Date is { } date ? _time.GetUtcNow() - date : ClockAhead;
            return Judge(response, await ReadAsync(response, either.Token).ConfigureAwait(false));
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Unavailable(limit.IsCancellationRequested
                ? FormattableString.Invariant($"there was no answer within {timeout.TotalSeconds:0.#} s")
                : exception.GetBaseException().Message);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Unavailable(exception.GetBaseException().Message);
        }
    }

    /// <summary>Creates a body.</summary>
    public static HttpContent Body(ReadOnlyMemory<byte> bytes, string mediaType, bool compress = false)
    {
        HttpContent content;
        if (compress)
        {
            var packed = new MemoryStream((bytes.Length / 4) + 256);
            using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            {
                gzip.Write(bytes.Span);
            }

            content = new ReadOnlyMemoryContent(packed.GetBuffer().AsMemory(0, (int)packed.Length));
            content.Headers.ContentEncoding.Add("gzip");
        }
        else
        {
            content = new ReadOnlyMemoryContent(bytes);
        }

        content.Headers.ContentType = new(mediaType);
        return content;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private PortalAnswer Judge(HttpResponseMessage response, byte[] body)
    {
        int status = (int)response.StatusCode;
        if (response.IsSuccessStatusCode)
        {
            return new(AnswerKind.Accepted, body);
        }

        // A gateway in between can answer 400, 404 or 413 as well, but not with problem details: its answer says nothing about the content.
        bool isPortal = response.Content.Headers.ContentType?.MediaType == "application/problem+json";
        var kind = status switch
        {
            413 => AnswerKind.TooLarge,
            400 or 422 when isPortal => AnswerKind.Invalid,
            404 when isPortal => AnswerKind.Unknown,
            409 when isPortal => AnswerKind.Contradicted,
            408 or 425 or 429 or >= 500 => AnswerKind.Unavailable,
            _ => AnswerKind.Refused,
        };
        return new(kind, body, Reason(response, body), RetryAfter(response));
    }

    private static string Reason(HttpResponseMessage response, byte[] body)
    {
        string text = FormattableString.Invariant($"{(int)response.StatusCode} {response.ReasonPhrase}").TrimEnd();
        string? detail = response.Headers.Location is { } location && (int)response.StatusCode is >= 300 and < 400
            ? $"it redirects to {Shown(location)}; redirects are not followed"
            : DetailOf(body);
        return detail is null ? text : $"{text}: {(detail.Length <= MaxReasonCharacters ? detail : detail[..MaxReasonCharacters] + "…")}";
    }

    /// <summary>An address without its query, fragment and user, which can be secret: reasons are logged, and shown by the portal.</summary>
    private static string Shown(Uri location)
    {
        if (location is { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            return location.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        }

        string text = location.OriginalString.Split('?', '#')[0];
        return text.StartsWith('/') && !text.StartsWith("//", StringComparison.Ordinal) ? text : "another address";
    }

    private static string? DetailOf(byte[] problem)
    {
        try
        {
            using var document = JsonDocument.Parse(problem);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("detail"u8, out var detail) && detail.ValueKind == JsonValueKind.String
                ? detail.GetString()
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var wait = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable && response.Headers.RetryAfter is { } header
            ? header.Delta ?? header.Date - _time.GetUtcNow()
            : null;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var body = new MemoryStream();
        byte[] buffer = new byte[8192];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            if (body.Length + read > MaxAnswerBytes)
            {
                throw new IOException("The answer is too long.");
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private static PortalAnswer Unavailable(string reason) => new(AnswerKind.Unavailable, [], reason);
}
