using PerfPortal.Domain.Operations;

namespace PerfPortal.Server.Api.Reporting;

/// <summary>Who reports, where the report itself does not say.</summary>
internal static class Reporter
{
    /// <summary>The claim that holds the name of an API key.</summary>
    public const string KeyNameClaim = "key_name";

    /// <summary>The key's name, else the caller's address.</summary>
    public static string SourceOf(HttpContext context)
    {
        string? key = context.User.FindFirst(KeyNameClaim)?.Value;
        string source = key ?? context.Connection.RemoteIpAddress?.MapToIPv4Loopback() ?? "local";
        return source.Length <= OperationLimits.SourceCharacters ? source : source[..OperationLimits.SourceCharacters];
    }

    private static string MapToIPv4Loopback(this System.Net.IPAddress address) =>
        System.Net.IPAddress.IsLoopback(address) ? "127.0.0.1" : (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
}
