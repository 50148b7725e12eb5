using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Pages;

/// <summary>Handles unknown addresses: with a page in the portal's layout with navigation and search, or with a line of text where no page is expected.</summary>
internal static class MissingPages
{
    private const string Page = "/not-found";

    /// <summary>Must be before routing, because the request is routed again to the page; the status stays 404.</summary>
    public static void UseMissingPages(this IApplicationBuilder app) => app.Use(next => async context =>
    {
        await next(context);
        if (IsUnanswered(context.Response) && IsPageWanted(context.Request))
        {
            // The renderer writes nothing while the status is 404; the page sets it again.
            context.Response.StatusCode = StatusCodes.Status200OK;
            context.Request.Path = Page;
            context.SetEndpoint(null);
            context.Request.RouteValues.Clear();
            await next(context);
        }

        if (IsUnanswered(context.Response) && !RequestPaths.IsApi(context.Request.Path))
        {
            await ExplainAsync(context);
        }
    });

    /// <summary>Answers with 404 and what the page renders; does nothing in a circuit, where there is no response.</summary>
    public static void AnswerNotFound(HttpContext? context)
    {
        // Set when the response starts, because the renderer writes nothing if the status is already 404.
        if (context is { Response.HasStarted: false })
        {
            context.Response.OnStarting(() =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            });
        }
    }

    private static bool IsUnanswered(HttpResponse response) =>
        response is { StatusCode: StatusCodes.Status404NotFound, HasStarted: false, ContentType: null, ContentLength: null };

    /// <summary>A script or an image that is missing is reported by the browser's developer tools; a page in its place would be useless.</summary>
    private static bool IsPageWanted(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && RequestPaths.IsPage(request.Path)
        && (request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase) || !Path.HasExtension(request.Path.Value));

    private static Task ExplainAsync(HttpContext context)
    {
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync("There is nothing at this address.\n", context.RequestAborted);
    }
}
