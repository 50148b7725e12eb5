using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PerfPortal.Server.Wire;

/// <summary>A validation error of a request.</summary>
/// <param name="Detail">A sentence that names the field and the limit.</param>
/// <param name="Pointer">A JSON pointer (RFC 6901) into the body, or <c>/name</c> for a query parameter.</param>
public sealed record ValidationError(string Detail, string Pointer);

/// <summary>Creates the problem details (RFC 9457) that the API returns for every error.</summary>
internal static class Problems
{
    /// <summary>Returns 400 with every validation error.</summary>
    public static IResult Invalid(IReadOnlyCollection<ValidationError> errors) =>
        new ProblemResult(StatusCodes.Status400BadRequest, "The request is not valid.", string.Join(" ", errors.Take(5).Select(error => error.Detail)), errors);

    /// <summary>Returns 404: no item has this name or id.</summary>
    public static IResult NotFound(string detail) => new ProblemResult(StatusCodes.Status404NotFound, "Not found.", detail);

    /// <summary>Returns 409: the request conflicts with the stored state.</summary>
    public static IResult Conflict(string detail) => new ProblemResult(StatusCodes.Status409Conflict, "The request conflicts with the stored state.", detail);

    /// <summary>Returns any other problem.</summary>
    public static IResult Status(int status, string title, string detail) => new ProblemResult(status, title, detail);

    /// <summary>Returns 429: too many requests of this kind run already.</summary>
    public static IResult Busy(string detail, TimeSpan retryAfter) =>
        new ProblemResult(StatusCodes.Status429TooManyRequests, "Too many requests.", detail, RetryAfter: retryAfter);

    /// <summary>Returns 503: the request is safe to retry after <paramref name="retryAfter"/>.</summary>
    public static IResult Unavailable(string detail, TimeSpan retryAfter) =>
        new ProblemResult(StatusCodes.Status503ServiceUnavailable, "The service is temporarily unavailable.", detail, RetryAfter: retryAfter);

    /// <summary>Writes a problem directly to the response, for code that cannot return a result, such as middleware.</summary>
    public static Task WriteAsync(HttpContext context, int status, string title, string detail) => new ProblemResult(status, title, detail).ExecuteAsync(context);

    private sealed record ProblemResult(int Code, string Title, string Detail, IReadOnlyCollection<ValidationError>? Errors = null, TimeSpan? RetryAfter = null)
        : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => Code;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = Code;
            if (RetryAfter is { } wait)
            {
                response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            }

            var body = new Dictionary<string, object?>
            {
                ["type"] = "about:blank",
                ["title"] = Title,
                ["status"] = Code,
                ["detail"] = Detail,
                ["instance"] = (httpContext.Request.PathBase + httpContext.Request.Path).ToUriComponent(),
                ["trace_id"] = Activity.Current?.TraceId.ToHexString() ?? httpContext.TraceIdentifier,
            };
            if (Errors is not null)
            {
                body["errors"] = Errors;
            }

            byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Options);
            response.ContentType = "application/problem+json";
            response.ContentLength = bytes.Length;
            if (!HttpMethods.IsHead(httpContext.Request.Method))
            {
                await response.Body.WriteAsync(bytes, httpContext.RequestAborted).ConfigureAwait(false);
            }
        }
    }
}
