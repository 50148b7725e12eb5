using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Views;

/// <summary>The portal's own host as a source of samples.</summary>
internal static class HostSource
{
    /// <summary>The host's name.</summary>
    public static string Name { get; } = Environment.MachineName is { Length: > 0 } name && name != PortalSource.Name ? name : "localhost";

    /// <summary>Returns the host of a source. Without a source, and for the portal's own operations, it is the portal's host.</summary>
    public static string Of(string? source) => source is null or PortalSource.Name ? Name : source;
}
