using PerfPortal.Domain.Operations;
using PerfPortal.Server.Security;

namespace PerfPortal.Server.Intake;

/// <summary>Determines the default source of a report.</summary>
internal static class Reporter
{
    /// <summary>Returns the name of the access key, otherwise the caller's address.</summary>
    public static string SourceOf(HttpContext context)
    {
        string? key = context.User.Identity is { AuthenticationType: AccessMiddleware.KeyAuthentication } identity ? identity.Name : null;
        string source = key ?? context.Connection.RemoteIpAddress?.MapToIPv4Loopback() ?? "local";
        return source.Length <= OperationLimits.SourceCharacters ? source : source[..OperationLimits.SourceCharacters];
    }

    private static string MapToIPv4Loopback(this System.Net.IPAddress address) =>
        System.Net.IPAddress.IsLoopback(address) ? "127.0.0.1" : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
