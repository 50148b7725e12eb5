using System.Net;
using System.Net.Sockets;

namespace PerfPortal.Server.Security;

/// <summary>The address ranges that are not on the public Internet: a request to them could reach what only the portal's machine can.</summary>
internal static class AddressRanges
{
    private static readonly (IPNetwork Range, string Name)[] Closed =
    [
        (IPNetwork.Parse("127.0.0.0/8"), "a loopback address"),
        (IPNetwork.Parse("::1/128"), "a loopback address"),
        (IPNetwork.Parse("0.0.0.0/8"), "an address of this machine"),
        (IPNetwork.Parse("::/128"), "an address of this machine"),
        (IPNetwork.Parse("169.254.0.0/16"), "a link-local address"),
        (IPNetwork.Parse("fe80::/10"), "a link-local address"),
        (IPNetwork.Parse("10.0.0.0/8"), "a private address"),
        (IPNetwork.Parse("172.16.0.0/12"), "a private address"),
        (IPNetwork.Parse("192.168.0.0/16"), "a private address"),
        (IPNetwork.Parse("100.64.0.0/10"), "a private address"),
        (IPNetwork.Parse("192.0.0.0/24"), "a reserved address"),
        (IPNetwork.Parse("198.18.0.0/15"), "a private address"),
        (IPNetwork.Parse("fc00::/7"), "a private address"),
        (IPNetwork.Parse("fec0::/10"), "a private address"),
        (IPNetwork.Parse("224.0.0.0/4"), "a multicast address"),
        (IPNetwork.Parse("ff00::/8"), "a multicast address"),
        (IPNetwork.Parse("240.0.0.0/4"), "a reserved address"),
        (IPNetwork.Parse("100::/64"), "a reserved address"),
        (IPNetwork.Parse("2001::/32"), "an address of a tunnel"),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    /// <summary>What kind of address that is not public this is, such as <c>a loopback address</c>; <see langword="null"/> for a public one.</summary>
    public static string? Explain(IPAddress address)
    {
        address = Unwrap(address);
        foreach (var (range, name) in Closed)
        {
            if (range.BaseAddress.AddressFamily == address.AddressFamily && range.Contains(address))
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>The IPv4 address that an IPv6 address stands for, or the address itself.</summary>
    private static IPAddress Unwrap(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        // A scope would make an address differ from its range.
        byte[] bytes = address.GetAddressBytes();
        address = new(bytes);
        return Nat64.Contains(address) ? new(bytes.AsSpan(12, 4))
            : SixToFour.Contains(address) ? new(bytes.AsSpan(2, 4))
            : bytes.AsSpan(0, 12).IndexOfAnyExcept((byte)0) < 0 && !IPAddress.IsLoopback(address) && !address.Equals(IPAddress.IPv6Any) ? new(bytes.AsSpan(12, 4))
            : address;
    }
}
