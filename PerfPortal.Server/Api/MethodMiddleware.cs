using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Api;

/// <summary>
/// Answers 405 with <c>Allow</c> when the most specific route of a path has no endpoint for the method. Routing alone would choose a less specific
/// one: <c>/operations/{id}</c> for GET <c>/operations/batch</c>, or the fallback of static files. Runs after the access check.
/// </summary>
internal sealed class MethodMiddleware(RequestDelegate next, EndpointDataSource endpoints)
{
    private MethodTable? _table;

    /// <summary>Handles a request.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        var pattern = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern;
        if (pattern?.Parameters.Count == 0)
        {
            return next(context);
        }

        // The endpoints are complete once requests arrive.
        var table = _table ??= new(endpoints.Endpoints);
        bool isSpecific = pattern?.Parameters.All(parameter => !parameter.IsCatchAll) == true;
        return table.Find(context.Request.Path, literalOnly: isSpecific) is { } allowed && !allowed.Contains(context.Request.Method)
            ? RefuseAsync(context, allowed)
            : next(context);
    }

    private static Task RefuseAsync(HttpContext context, IReadOnlyCollection<string> allowed)
    {
        string methods = string.Join(", ", allowed);
        context.Response.Headers.Allow = methods;
        return Problems.WriteAsync(
            context, StatusCodes.Status405MethodNotAllowed, "The method is not allowed.", $"{context.Request.Method} is not allowed. Allowed methods: {methods}.");
    }
}
