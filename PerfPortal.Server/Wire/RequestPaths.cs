namespace PerfPortal.Server.Wire;

/// <summary>Decides by its path who sends a request: a program or a browser. Every middleware that answers the two differently asks here.</summary>
internal static class RequestPaths
{
    /// <summary>Whether the request is for the API, whose errors are problem documents.</summary>
    public static bool IsApi(PathString path) => path.StartsWithSegments("/api") || path.StartsWithSegments("/v1");

    /// <summary>Whether the request belongs to a SignalR connection or to the circuit of a page.</summary>
    public static bool IsConnection(PathString path) => path.StartsWithSegments("/hubs") || path.StartsWithSegments("/_blazor");

    /// <summary>Whether a person may see the answer as a page. An export is opened in a browser, but has no page.</summary>
    public static bool IsPage(PathString path) => !IsApi(path) && !IsConnection(path) && !path.StartsWithSegments("/export");
}
