using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Server.Views;

/// <summary>The portal's host as a source of samples.</summary>
internal static class HostSource
{
    /// <summary>The host's name.</summary>
    public static string Name { get; } = Environment.MachineName is { Length: > 0 } name && name != PortalSource.Name ? name : "localhost";
}

/// <summary>The newest sample of the portal's host, for operations that begin or end now.</summary>
internal sealed class LatestSample
{
    /// <summary>The sample, or <see langword="null"/> before the first.</summary>
    public ResourceSample? Value { get; set; }
}
