namespace PerfPortal.Domain.Client;

/// <summary>How a <c>PortalClient</c> reports.</summary>
public sealed record PortalClientOptions
{
    /// <summary>The address of the portal, such as <c>https://portal.example/</c>; a path base is kept.</summary>
    public required Uri Address { get; init; }

    /// <summary>The API key with the scope <c>report</c>; <see langword="null"/> for a portal on loopback that needs none. Never logged.</summary>
    public string? Key { get; init; }

    /// <summary>The source of what is reported, at most 200 characters.</summary>
    public required string Source { get; init; }
}
