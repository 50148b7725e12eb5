using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Views;

/// <summary>The portal's own host as a source of samples.</summary>
internal static class HostSource
{
    /// <summary>The host's name.</summary>
    public static string Name { get; } = Environment.MachineName is { Length: > 0 } name && name != PortalSource.Name ? name : "localhost";

    /// <summary>The host whose resources belong to a source: the portal's own for no source and for the portal's own operations.</summary>
    public static string Of(string? source) => source is null or PortalSource.Name ? Name : source;
}
