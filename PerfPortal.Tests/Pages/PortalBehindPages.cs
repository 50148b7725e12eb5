namespace PerfPortal.Tests.Pages;

/// <summary>What pages take from a portal; the browser's services are those of the test.</summary>
internal sealed class PortalBehindPages(IServiceProvider portal) : IServiceProvider
{
    /// <inheritdoc/>
    public object? GetService(Type serviceType) =>
        serviceType.Namespace?.StartsWith("Microsoft.AspNetCore.Components", StringComparison.Ordinal) == true ? null : portal.GetService(serviceType);
}
