using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace PerfPortal.Server.Security;

/// <summary>
/// Limits wrong keys per network: an IPv4 address, or the /64 network of an IPv6 address. Only wrong keys count, and a right key is accepted however many
/// came before, so that no one can lock out the owner of a key. The number of counts is bounded by <see cref="MaxPartitions"/>; networks with the same hash
/// share one. Idle counts are removed a few seconds after their window.
/// </summary>
internal sealed class AttemptLimiter(TimeSpan window) : IDisposable
{
    /// <summary>Wrong keys that a network may send in a window; further ones are refused.</summary>
    public const int Limit = 10;

    /// <summary>The largest number of networks that are counted separately; a power of two.</summary>
    public const int MaxPartitions = 4096;

    /// <summary>The length of a window outside tests.</summary>
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(1);

    // Created with the first wrong key, because the limiter runs a timer of 100 ms.
    private readonly Lazy<PartitionedRateLimiter<int>> _limiter = new(() => PartitionedRateLimiter.Create<int, int>(partition =>
        RateLimitPartition.GetFixedWindowLimiter(partition, _ => new FixedWindowRateLimiterOptions { PermitLimit = Limit, Window = window })));

    /// <summary>
    /// Counts a wrong key from <paramref name="remote"/>. Returns <see langword="null"/> within the limit, otherwise the time after which the next one is
    /// within it again.
    /// </summary>
    public TimeSpan? CountFailure(IPAddress? remote)
    {
        using var lease = _limiter.Value.AttemptAcquire(PartitionOf(remote));
        if (lease.IsAcquired)
        {
            return null;
        }

        return lease.TryGetMetadata(MetadataName.RetryAfter, out var retryAfter) ? retryAfter : window;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_limiter.IsValueCreated)
        {
            _limiter.Value.Dispose();
        }
    }

    /// <summary>The count that <paramref name="remote"/> belongs to. Hash codes differ between processes, so that a caller cannot choose to share the count of another.</summary>
    internal static int PartitionOf(IPAddress? remote) => NetworkOf(remote).GetHashCode() & (MaxPartitions - 1);

    private static IPAddress NetworkOf(IPAddress? remote)
    {
        if (remote is null)
        {
            return IPAddress.Any;
        }

        if (remote.IsIPv4MappedToIPv6)
        {
            return remote.MapToIPv4();
        }

        if (remote.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return remote;
        }

        byte[] bytes = remote.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
