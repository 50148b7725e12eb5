namespace PerfPortal.Server.Wire;

/// <summary>The routes of the API.</summary>
internal static class ApiRoutes
{
    /// <summary>The root of the performance API.</summary>
    public const string Root = "/api/v1/performance";
}
