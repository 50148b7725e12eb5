namespace PerfPortal.Server.Wire;

/// <summary>Where the API lives.</summary>
internal static class ApiRoutes
{
    /// <summary>The root of the performance API.</summary>
    public const string Root = "/api/v1/performance";
}
