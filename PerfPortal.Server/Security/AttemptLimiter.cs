using System.Net;
using System.Net.Sockets;

namespace PerfPortal.Server.Security;

/// <summary>
/// Counts wrong keys per remote address in fixed windows. While an address is locked, not even a right key opens, else guessing could go on;
/// sessions that are already open are not touched. An IPv6 caller counts by its /64 network. At most <see cref="Capacity"/> addresses are
/// remembered; beyond that, new ones share one count.
/// </summary>
internal sealed class AttemptLimiter(TimeProvider time)
{
    /// <summary>Wrong keys that an address may send in a window.</summary>
    public const int Limit = 10;

    /// <summary>Addresses that are remembered.</summary>
    public const int Capacity = 4096;

    /// <summary>The length of a window.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, Attempts> _attempts = [];

    /// <summary>How long <paramref name="remote"/> has to wait, or <see langword="null"/> when it need not.</summary>
    public TimeSpan? LockedFor(IPAddress? remote)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            if (!_attempts.TryGetValue(SlotOf(remote, now), out var known) || known.Count < Limit)
            {
                return null;
            }

            var left = Window - time.GetElapsedTime(known.Since, now);
            return left > TimeSpan.Zero ? left : null;
        }
    }

    /// <summary>Counts a wrong key.</summary>
    public void Failed(IPAddress? remote)
    {
        long now = time.GetTimestamp();
        lock (_gate)
        {
            var slot = SlotOf(remote, now);
            bool running = _attempts.TryGetValue(slot, out var known) && !IsOver(known, now);
            _attempts[slot] = running ? known with { Count = known.Count + 1 } : new Attempts(now, 1);
        }
    }

    private IPAddress SlotOf(IPAddress? remote, long now)
    {
        var network = NetworkOf(remote);
        if (_attempts.Count < Capacity || _attempts.ContainsKey(network))
        {
            return network;
        }

        foreach ((var address, var known) in _attempts)
        {
            if (IsOver(known, now))
            {
                _attempts.Remove(address);
            }
        }

        return _attempts.Count < Capacity ? network : IPAddress.None;
    }

    private bool IsOver(Attempts known, long now) => time.GetElapsedTime(known.Since, now) >= Window;

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

    private readonly record struct Attempts(long Since, int Count);
}
