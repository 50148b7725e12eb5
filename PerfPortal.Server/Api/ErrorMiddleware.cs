using PerfPortal.Server.Storage;
using PerfPortal.Server.Views;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>
/// Handles errors. In the API (<see cref="RequestPaths"/>) every error is returned as a problem (RFC 9457), including unknown paths and methods; elsewhere a failure is a problem too.
/// An unavailable database results in 503 with <c>Retry-After</c>. An error caused by the client takes one line in the log; an error of the portal is logged with its exception.
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
        catch (Exception exception) when (IsFaultOfClient(context, exception))
        {
            await AnswerClientAsync(context, exception).ConfigureAwait(false);
            return;
        }
        catch (PortalBusyException exception) when (!context.Response.HasStarted)
        {
            await Problems.Busy(exception.Message, HeavyReads.RetryAfter).ExecuteAsync(context).ConfigureAwait(false);
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted && database.IsTransient(exception))
        {
            string reason = database.Explain(exception);
            logger.LogWarning("{Method} {Path} failed. {Reason}", context.Request.Method, context.Request.Path.ToUriComponent(), reason);
            await Problems.Unavailable(reason, TimeSpan.FromSeconds(5)).ExecuteAsync(context).ConfigureAwait(false);
            return;
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            logger.LogError(exception, "{Method} {Path} failed.", context.Request.Method, context.Request.Path.ToUriComponent());
            await Problems.WriteAsync(context, StatusCodes.Status500InternalServerError, "Internal server error.", "The error has been logged with the trace id.").ConfigureAwait(false);
            return;
        }

        if (RequestPaths.IsApi(context.Request.Path) && !context.Response.HasStarted && context.Response.ContentLength is null && context.Response.ContentType is null)
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

    /// <summary>The request cannot be read, or the client has gone, in which case reading or writing fails in several ways.</summary>
    private static bool IsFaultOfClient(HttpContext context, Exception exception) =>
        exception is BadHttpRequestException
        || (context.RequestAborted.IsCancellationRequested && exception is (OperationCanceledException or IOException or ObjectDisposedException));

    private async Task AnswerClientAsync(HttpContext context, Exception exception)
    {
        var request = context.Request;
        if (exception is BadHttpRequestException bad && !context.RequestAborted.IsCancellationRequested)
        {
            logger.LogInformation("{Method} {Path} was not a valid request: {Reason}", request.Method, request.Path.ToUriComponent(), bad.Message);
            if (!context.Response.HasStarted)
            {
                await Problems.WriteAsync(context, bad.StatusCode, "The request is not valid.", bad.Message).ConfigureAwait(false);
            }

            return;
        }

        logger.LogInformation("{Method} {Path} was aborted before it was answered.", request.Method, request.Path.ToUriComponent());
        if (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
    }
}
