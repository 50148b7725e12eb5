using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PerfPortal.Server.Wire;

/// <summary>A validation error of a request.</summary>
/// <param name="Detail">A sentence that names the field and the limit.</param>
/// <param name="Pointer">A JSON pointer (RFC 6901) into the body, or <c>/name</c> for a query parameter.</param>
public sealed record ValidationError(string Detail, string Pointer);

/// <summary>The body of every error response: problem details (RFC 9457).</summary>
/// <param name="Type">Always <c>about:blank</c>: the status code says what is wrong.</param>
/// <param name="Title">A short summary.</param>
/// <param name="Status">The status code.</param>
/// <param name="Detail">A sentence that says what is wrong, with the limit if there is one.</param>
/// <param name="Instance">The path of the request.</param>
/// <param name="TraceId">The id under which the portal has logged the request.</param>
/// <param name="Errors">Every validation error; missing unless the request is not valid.</param>
internal sealed record ProblemBody(
    string Type, string Title, int Status, string Detail, string Instance, string TraceId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), OptionalMember] IReadOnlyCollection<ValidationError>? Errors);

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

            var body = new ProblemBody(
                "about:blank", Title, Code, Detail, httpContext.Request.Path.ToUriComponent(),
                Activity.Current?.TraceId.ToHexString() ?? httpContext.TraceIdentifier, Errors);
            byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Options);
            response.ContentType = "application/problem+json";
            response.ContentLength = bytes.Length;
            await response.Body.WriteAsync(bytes, httpContext.RequestAborted).ConfigureAwait(false);
        }
    }
}
