using System.Globalization;
using System.Net;
using System.Security.Authentication;
using PerfPortal.Domain.Models.Downloads.Errors;

namespace PerfPortal.Domain.Models.Downloads.Transport;

/// <summary>Says in a sentence why a request failed, and whether it is worth another attempt.</summary>
internal static class HttpErrors
{
    /// <summary>The failure that an answer means; it is not a success.</summary>
    public static DownloadException Of(HttpResponseMessage response, Uri uri, DateTimeOffset now)
    {
        int status = (int)response.StatusCode;
        var category = status switch
        {
            401 or 403 or 407 => DownloadErrorCategory.Authentication,
            429 => DownloadErrorCategory.RateLimit,
            _ => DownloadErrorCategory.Server,
        };
        string reason = string.IsNullOrWhiteSpace(response.ReasonPhrase) ? "" : $" ({response.ReasonPhrase})";
        return new(category, string.Create(CultureInfo.InvariantCulture, $"{uri.Host} answered {status}{reason} for {SafeUrl.ForReports(uri)}{Hint(status)}."))
        {
            Status = status,
            RetryAfter = RetryAfter(response, now),
            IsTransient = status is 408 or 425 or 429 or >= 500 and not 501 and not 505,
        };
    }

    /// <summary>The failure of a connection.</summary>
    public static DownloadException Of(Exception exception, Uri uri)
    {
        if (Find<DownloadException>(exception) is { } known)
        {
            return known;
        }

        var error = (exception as HttpRequestException)?.HttpRequestError ?? (exception as HttpIOException)?.HttpRequestError;
        string sentence = error switch
        {
            HttpRequestError.NameResolutionError => $"The name {uri.Host} could not be resolved",
            HttpRequestError.ConnectionError => $"{uri.Authority} could not be reached: {Innermost(exception)}",
            HttpRequestError.SecureConnectionError => $"The secure connection to {uri.Authority} failed: {Innermost(exception)}",
            HttpRequestError.ProxyTunnelError => $"The proxy refused the connection to {uri.Authority}: {exception.Message}",
            HttpRequestError.ResponseEnded => $"{uri.Authority} closed the connection before the answer was complete",
            HttpRequestError.InvalidResponse => $"{uri.Authority} sent an answer that is not HTTP: {exception.Message}",
            _ => $"The connection to {uri.Authority} broke: {Innermost(exception)}",
        };
        return new(error == HttpRequestError.InvalidResponse ? DownloadErrorCategory.Server : DownloadErrorCategory.Network, sentence.TrimEnd('.') + ".", exception)
        {
            IsTransient = Find<AuthenticationException>(exception) is null,
        };
    }

    /// <summary>Whether an exception is the failure of a connection.</summary>
    public static bool IsConnection(Exception exception) => exception is HttpRequestException or IOException or System.Net.Sockets.SocketException or InvalidDataException;

    private static string Hint(int status) => (HttpStatusCode)status switch
    {
        HttpStatusCode.Unauthorized => ": it asks for credentials",
        HttpStatusCode.Forbidden => ": the credentials, if any, do not allow it",
        HttpStatusCode.ProxyAuthenticationRequired => ": the proxy asks for credentials",
        HttpStatusCode.NotFound => ": there is no such file",
        HttpStatusCode.TooManyRequests => ": it asks for fewer requests",
        _ => "",
    };

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var wait = response.Headers.RetryAfter is not { } header ? null : header.Delta ?? header.Date - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static string Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception.Message;
    }

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        while (exception is not null and not T)
        {
            exception = exception.InnerException;
        }

        return exception as T;
    }
}
