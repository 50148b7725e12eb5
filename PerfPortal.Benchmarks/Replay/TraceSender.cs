using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace PerfPortal.Benchmarks.Replay;

/// <summary>
/// Sends the rows of a trace to a portal, one batch at a time, and returns what became of each. A request that meets overload (429, 503), a gateway's error (502, 504) or a broken connection is sent again;
/// that is safe, because an operation counts once by its id however often it arrives.
/// </summary>
/// <remarks>
/// It is not the reporting client of the domain, which serves programs that must not wait: that one works in the background, drops the oldest when its buffer is full, and never gives up. A replay
/// waits for the portal, so that memory holds one batch; it names the row of every rejection; and it ends with an error when the portal refuses.
/// </remarks>
internal sealed class TraceSender
{
    private const string Api = "api/v1/performance/";

    private readonly HttpClient _http;
    private readonly Uri _root;
    private readonly string? _apiKey;
    private readonly RetryPolicy _retry;
    private readonly TimeProvider _time;
    private readonly Action<string> _notice;

    /// <summary>A sender to one portal.</summary>
    /// <param name="http">Its time-out is the longest wait for one answer.</param>
    /// <param name="portal">The portal's root.</param>
    /// <param name="apiKey">An API key with the scope <c>report</c>, or none.</param>
    /// <param name="retry">When to send again.</param>
    /// <param name="time">The clock of the waits.</param>
    /// <param name="notice">Gets a sentence before each wait.</param>
    public TraceSender(HttpClient http, Uri portal, string? apiKey, RetryPolicy retry, TimeProvider time, Action<string> notice)
    {
        _http = http;
        _root = new Uri(portal.AbsoluteUri.TrimEnd('/') + "/");
        _apiKey = apiKey;
        _retry = retry;
        _time = time;
        _notice = notice;
    }

    /// <summary>Reports finished operations.</summary>
    /// <param name="gzip">NDJSON, compressed.</param>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="cancellationToken">Stops the sending; whether the portal has the batch is then unknown.</param>
    /// <exception cref="PortalException">The portal stayed out of reach or refused the batch as a whole.</exception>
    public async Task<BatchAnswer> SendOperationsAsync(ReadOnlyMemory<byte> gzip, string mediaType, CancellationToken cancellationToken)
    {
        using var response = await SendAsync("operations/batch", gzip, mediaType, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw await RefusalAsync(response, cancellationToken);
        }

        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var answer = await JsonSerializer.DeserializeAsync<BatchAnswer>(body, JsonSerializerOptions.Web, cancellationToken);
            if (answer is { Rejected: not null })
            {
                return answer;
            }
        }
        catch (JsonException)
        {
        }

        throw new PortalException($"{_root} answered with something else than the outcome of a batch. Is it a PerfPortal?");
    }

    /// <summary>Reports resource samples, all or none of them.</summary>
    /// <param name="gzip">A JSON array, compressed.</param>
    /// <param name="mediaType">Its media type.</param>
    /// <param name="cancellationToken">Stops the sending; whether the portal has the samples is then unknown.</param>
    /// <returns><see langword="null"/>, or why the portal takes none of them.</returns>
    /// <exception cref="PortalException">The portal stayed out of reach or refused the request itself.</exception>
    public async Task<string?> SendSamplesAsync(ReadOnlyMemory<byte> gzip, string mediaType, CancellationToken cancellationToken)
    {
        using var response = await SendAsync("resources", gzip, mediaType, cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return null;
        }

        if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity)
        {
            return await Problem.ReadAsync(response, cancellationToken);
        }

        throw await RefusalAsync(response, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendAsync(string path, ReadOnlyMemory<byte> gzip, string mediaType, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            string trouble;
            TimeSpan? retryAfter = null;
            Exception? cause = null;
            try
            {
                using var request = Request(path, gzip, mediaType);
                var response = await _http.SendAsync(request, cancellationToken);
                if (!IsPassing(response.StatusCode))
                {
                    return response;
                }

                retryAfter = RetryAfter(response);
                trouble = $"{_root} answered {(int)response.StatusCode} ({await Problem.ReadAsync(response, cancellationToken)})";
                response.Dispose();
            }
            catch (HttpRequestException e)
            {
                trouble = $"{_root} cannot be reached ({e.GetBaseException().Message})";
                cause = e;
            }
            catch (TaskCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                trouble = $"{_root} did not answer within {_http.Timeout.TotalSeconds:0} s";
                cause = e;
            }

            if (_retry.DelayAfter(attempt, retryAfter) is not { } delay)
            {
                throw new PortalException($"{trouble}; given up after {attempt} attempt{(attempt == 1 ? "" : "s")}.", cause!);
            }

            var wait = Task.Delay(delay, _time, cancellationToken);
            _notice(string.Create(CultureInfo.InvariantCulture, $"{trouble}; trying again in {delay.TotalSeconds:0.#} s ({attempt} of {_retry.AttemptsAt(retryAfter)})"));
            await wait;
        }
    }

    private HttpRequestMessage Request(string path, ReadOnlyMemory<byte> gzip, string mediaType)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_root, Api + path)) { Content = new ReadOnlyMemoryContent(gzip) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        request.Content.Headers.ContentEncoding.Add("gzip");
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("application/problem+json");
        if (_apiKey is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _apiKey);
        }

        return request;
    }

    private static bool IsPassing(HttpStatusCode status) => status is HttpStatusCode.TooManyRequests
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private TimeSpan? RetryAfter(HttpResponseMessage response) =>
        response.Headers.RetryAfter is not { } header ? null : header.Delta ?? header.Date - _time.GetUtcNow();

    private async Task<PortalException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string hint = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => " Give an API key with the scope `report` (--api-key).",
            HttpStatusCode.RequestEntityTooLarge => " Send fewer rows at a time (--batch).",
            _ => "",
        };
        string detail = await Problem.ReadAsync(response, cancellationToken);
        return new PortalException($"{_root} refused the report: {(int)response.StatusCode} ({detail}).{hint}");
    }
}
