using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace PerfPortal.Server.Security;

/// <summary>
/// Limits invalid keys per network: an IPv4 address, or the /64 network of an IPv6 address. Only invalid keys count; a valid key is always accepted, so
/// that an attacker cannot lock out its owner. The number of counters is limited to <see cref="MaxPartitions"/>; networks with the same hash
/// share one. Idle counters are removed a few seconds after their window.
/// </summary>
internal sealed class AttemptLimiter(TimeSpan window) : IDisposable
{
    /// <summary>The number of invalid keys per network and window.</summary>
    public const int Limit = 10;

    /// <summary>The maximum number of counters; a power of two.</summary>
    public const int MaxPartitions = 4096;

    /// <summary>The window in production.</summary>
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(1);

    // Created with the first invalid key because the limiter runs a 100 ms timer.
    private readonly Lazy<PartitionedRateLimiter<int>> _limiter = new(() => PartitionedRateLimiter.Create<int, int>(partition =>
        RateLimitPartition.GetFixedWindowLimiter(partition, _ => new FixedWindowRateLimiterOptions { PermitLimit = Limit, Window = window })));

    /// <summary>
    /// Counts an invalid key from <paramref name="remote"/>. Returns <see langword="null"/> within the limit, otherwise the time until the next attempt
    /// is allowed.
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

    /// <summary>The counter of <paramref name="remote"/>. Hash codes are randomized per process, so that a caller cannot choose to share the counter of another.</summary>
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
