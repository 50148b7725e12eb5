using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PerfPortal.Server.Wire;

/// <summary>A validation error of a request.</summary>
/// <param name="Detail">A sentence that names the field and the limit.</param>
/// <param name="Pointer">A JSON pointer (RFC 6901) into the body, or <c>/name</c> for a query parameter.</param>
public sealed record ValidationError(string Detail, string Pointer)
{
    /// <summary>The sentence of an objection of the domain, with the pointer to the member that it names, such as <c>repository: …</c> or <c>files[2].path: …</c>.</summary>
    internal static ValidationError Of(string objection)
    {
        // An ArgumentException adds the name of its parameter.
        int parameter = objection.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        string sentence = parameter > 0 ? objection[..parameter] : objection;
        int colon = sentence.IndexOf(':', StringComparison.Ordinal);
        return colon <= 0 ? new(sentence, "")
            : new(sentence[(colon + 1)..].TrimStart(), "/" + sentence[..colon].Replace("[", "/", StringComparison.Ordinal).Replace("].", "/", StringComparison.Ordinal));
    }
}

/// <summary>The body of every error response: problem details (RFC 9457).</summary>
/// <param name="Type">Always <c>about:blank</c>: the status code identifies the error.</param>
/// <param name="Title">A short summary.</param>
/// <param name="Status">The status code.</param>
/// <param name="Detail">A sentence that explains the error, with the limit if there is one.</param>
/// <param name="Instance">The path of the request.</param>
/// <param name="TraceId">The id under which the portal has logged the request.</param>
/// <param name="Errors">Every validation error; missing unless the request is not valid.</param>
internal sealed record ProblemBody(
    string Type, string Title, int Status, string Detail, string Instance, string TraceId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), OptionalMember] IReadOnlyCollection<ValidationError>? Errors)
{
    /// <summary>Further members of some problems, such as the rejected items of a batch.</summary>
    [JsonExtensionData]
    public Dictionary<string, object>? Extensions { get; init; }
}

/// <summary>Creates the problem details (RFC 9457) that the API returns for every error. A browser that asks for a page gets them as a page.</summary>
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
    /// <param name="status">The status code.</param>
    /// <param name="title">What happened, without the particulars.</param>
    /// <param name="detail">The particulars.</param>
    /// <param name="extensions">Further members (RFC 9457, 3.2).</param>
    public static IResult Status(int status, string title, string detail, Dictionary<string, object>? extensions = null) =>
        new ProblemResult(status, title, detail, Extensions: extensions);

    /// <summary>Returns 429: too many requests of this kind are already running.</summary>
    public static IResult Busy(string detail, TimeSpan retryAfter) =>
        new ProblemResult(StatusCodes.Status429TooManyRequests, "Too many requests.", detail, RetryAfter: retryAfter);

    /// <summary>Returns 503: the request is safe to retry after <paramref name="retryAfter"/>.</summary>
    public static IResult Unavailable(string detail, TimeSpan retryAfter) =>
        new ProblemResult(StatusCodes.Status503ServiceUnavailable, "The service is temporarily unavailable.", detail, RetryAfter: retryAfter);

    /// <summary>Writes a problem directly to the response, for code that cannot return a result, such as middleware.</summary>
    public static Task WriteAsync(HttpContext context, int status, string title, string detail) => new ProblemResult(status, title, detail).ExecuteAsync(context);

    private sealed record ProblemResult(int Code, string Title, string Detail, IReadOnlyCollection<ValidationError>? Errors = null, TimeSpan? RetryAfter = null, Dictionary<string, object>? Extensions = null)
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

            if (ProblemPage.IsWanted(httpContext.Request))
            {
                response.Headers.CacheControl = "no-store";
                await WriteAsync(httpContext, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(ProblemPage.Write(httpContext.Request, Title, Detail, RetryAfter))).ConfigureAwait(false);
                return;
            }

            var body = new ProblemBody(
                "about:blank", Title, Code, Detail, (httpContext.Request.PathBase + httpContext.Request.Path).ToUriComponent(),
                Activity.Current?.TraceId.ToHexString() ?? httpContext.TraceIdentifier, Errors)
            { Extensions = Extensions };
            await WriteAsync(httpContext, "application/problem+json", JsonSerializer.SerializeToUtf8Bytes(body, WireJson.Options)).ConfigureAwait(false);
        }

        private static async Task WriteAsync(HttpContext context, string contentType, byte[] bytes)
        {
            context.Response.ContentType = contentType;
            context.Response.ContentLength = bytes.Length;
            if (!HttpMethods.IsHead(context.Request.Method))
            {
                await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
            }
        }
    }
}
