using PerfPortal.Server.Storage;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>
/// Handles errors. Under <c>/api</c> every error is returned as a problem (RFC 9457), including unknown paths and methods;
/// an unavailable database results in 503 with <c>Retry-After</c>. Elsewhere error pages are returned.
/// </summary>
internal sealed class ErrorMiddleware(RequestDelegate next, IPortalDatabase database, ILogger<ErrorMiddleware> logger)
{
    /// <summary>Handles a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
            {
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            }

            return;
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            await Problems.WriteAsync(context, exception.StatusCode, "The request is not valid.", exception.Message).ConfigureAwait(false);
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted && database.IsTransient(exception))
        {
            logger.LogWarning(exception, "{Method} {Path} failed because the database is unavailable.", context.Request.Method, context.Request.Path);
            await Problems.Unavailable(database.Explain(exception), TimeSpan.FromSeconds(5)).ExecuteAsync(context).ConfigureAwait(false);
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted && IsApi(context))
        {
            logger.LogError(exception, "{Method} {Path} failed.", context.Request.Method, context.Request.Path);
            await Problems.WriteAsync(context, StatusCodes.Status500InternalServerError, "Internal server error.", "The error has been logged with the trace id.").ConfigureAwait(false);
            return;
        }

        if (IsApi(context) && !context.Response.HasStarted && context.Response.ContentLength is null && context.Response.ContentType is null)
        {
            await (context.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => Problems.WriteAsync(context, 404, "Not found.", $"There is no resource at {context.Request.Path}."),
                StatusCodes.Status405MethodNotAllowed => Problems.WriteAsync(
                    context, 405, "The method is not allowed.", $"{context.Request.Method} is not allowed. Allowed methods: {context.Response.Headers.Allow}."),
                StatusCodes.Status413PayloadTooLarge => Problems.WriteAsync(context, 413, "The body is too large.", "The limit is 16 MiB."),
                StatusCodes.Status415UnsupportedMediaType => Problems.WriteAsync(context, 415, "The media type is not supported.", "Content-Type must be application/json; batches can also use application/x-ndjson."),
                StatusCodes.Status400BadRequest => Problems.WriteAsync(context, 400, "The request is not valid.", "The request could not be read."),
                _ => Task.CompletedTask,
            }).ConfigureAwait(false);
        }
    }

    private static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
}
