using System.Net;
using System.Net.Http.Headers;
using PerfPortal.Domain.Models.Downloads.Errors;

namespace PerfPortal.Domain.Models.Downloads.Transport;

/// <summary>How servers are reached.</summary>
/// <param name="AllowAddress">Decides about the addresses that may be connected to; <see langword="null"/> allows all.</param>
/// <param name="Proxy">The proxy; <see langword="null"/> takes the one of the environment.</param>
/// <param name="ConnectTimeout">How long a connection may take.</param>
/// <param name="MaxRedirects">The redirects that one request follows.</param>
/// <param name="AllowAddressHint">What to do about an address that is not allowed, as a sentence; <see langword="null"/> for nothing.</param>
internal sealed record SourceOptions(Func<IPAddress, bool>? AllowAddress, IWebProxy? Proxy, TimeSpan ConnectTimeout, int MaxRedirects, string? AllowAddressHint)
{
    /// <summary>Takes them from the options of a downloader.</summary>
    public SourceOptions(DownloaderOptions options, IWebProxy? proxy)
        : this(options.AllowAddress, proxy, options.ConnectTimeout, options.MaxRedirects, options.AllowAddressHint)
    {
    }
}

/// <summary>An answer, and where it came from in the end.</summary>
internal sealed record SourceReply(HttpResponseMessage Response, Uri Uri) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Response.Dispose();
}

/// <summary>
/// Sends requests for files: follows redirects itself, so that credentials stay with their server and a secure connection stays one, and asks for the bytes as they are, uncompressed.
/// </summary>
internal sealed class SourceClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly AddressGuard? _guard;
    private readonly IWebProxy? _proxy;
    private readonly int _maxRedirects;
    private readonly TimeProvider _time;

    /// <summary>Creates a client.</summary>
    /// <param name="options">How servers are reached.</param>
    /// <param name="time">The clock.</param>
    /// <param name="handler">Sends the requests instead; it must not follow redirects or decompress, and is not disposed.</param>
    public SourceClient(SourceOptions options, TimeProvider time, HttpMessageHandler? handler = null)
    {
        _time = time;
        _maxRedirects = options.MaxRedirects;
        if (handler is null)
        {
            _guard = options.AllowAddress is { } allow ? new(allow, options.AllowAddressHint) : null;
            _proxy = options.Proxy ?? HttpClient.DefaultProxy;
        }

        _http = new HttpClient(handler ?? CreateHandler(options), disposeHandler: handler is null)
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Sends a GET request and returns the answer as soon as its headers are there. Any status that is not a redirect is an answer.</summary>
    /// <exception cref="DownloadException">There was no answer, or a redirect that is not followed.</exception>
    public async Task<SourceReply> GetAsync(
        Uri uri, SourceCredentials? credentials, RangeHeaderValue? range, RangeConditionHeaderValue? condition, CancellationToken cancellationToken)
    {
        for (int hop = 0; ; hop++)
        {
            var response = await SendAsync(uri, credentials, range, condition, cancellationToken).ConfigureAwait(false);
            if (!IsRedirect(response))
            {
                return new(response, uri);
            }

            using (response)
            {
                uri = Follow(response, uri, hop);
            }
        }
    }

    /// <summary>Fails with what an answer means, unless it is a success.</summary>
    /// <exception cref="DownloadException">It is not.</exception>
    public void EnsureSuccess(SourceReply reply)
    {
        if (!reply.Response.IsSuccessStatusCode)
        {
            throw HttpErrors.Of(reply.Response, reply.Uri, _time.GetUtcNow());
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private SocketsHttpHandler CreateHandler(SourceOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            Proxy = options.Proxy,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),

            // A connection that is left early is closed instead of read to its end.
            MaxResponseDrainSize = 0,
            ActivityHeadersPropagator = null,
        };
        if (_guard is { } guard)
        {
            handler.ConnectCallback = guard.ConnectAsync;
        }

        return handler;
    }

    private async Task<HttpResponseMessage> SendAsync(
        Uri uri, SourceCredentials? credentials, RangeHeaderValue? range, RangeConditionHeaderValue? condition, CancellationToken cancellationToken)
    {
        var bare = uri.UserInfo.Length == 0 ? uri : new UriBuilder(uri) { UserName = "", Password = "" }.Uri;
        using var request = new HttpRequestMessage(HttpMethod.Get, bare) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Headers.AcceptEncoding.Add(new("identity"));
        request.Headers.UserAgent.Add(new("PerfPortal", "0.1"));
        credentials?.AddTo(request);
        request.Headers.Range = range;
        request.Headers.IfRange = condition;
        try
        {
            if (_guard is not null && _proxy is not null && !_proxy.IsBypassed(bare) && _proxy.GetProxy(bare) is not null)
            {
                await _guard.CheckAsync(bare, cancellationToken).ConfigureAwait(false);
            }

            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (HttpErrors.IsConnection(exception))
        {
            throw HttpErrors.Of(exception, bare);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DownloadException(DownloadErrorCategory.Network, $"{bare.Authority} could not be reached in time.", exception) { IsTransient = true };
        }
    }

    private static bool IsRedirect(HttpResponseMessage response) => (int)response.StatusCode is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is not null;

    private Uri Follow(HttpResponseMessage response, Uri from, int hop)
    {
        var to = new Uri(from, response.Headers.Location!);
        return hop >= _maxRedirects
                ? throw Refused($"{from.Host} redirects more than {_maxRedirects} times")
            : !SafeUrl.IsWeb(to)
                ? throw Refused($"{from.Host} redirects to {to.Scheme}, which is not followed")
            : from.Scheme == Uri.UriSchemeHttps && to.Scheme != Uri.UriSchemeHttps
                ? throw Refused($"{from.Host} redirects from https to http ({to.Host}), which is not followed")
            : to;
    }

    private static DownloadException Refused(string sentence) => new(DownloadErrorCategory.Server, sentence + ".");
}
