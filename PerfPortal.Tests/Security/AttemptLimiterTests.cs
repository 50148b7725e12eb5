using System.Net;
using Microsoft.Extensions.Time.Testing;
using PerfPortal.Server.Security;
using Xunit;

namespace PerfPortal.Tests.Security;

public sealed class AttemptLimiterTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void An_address_is_locked_until_its_window_ends()
    {
        var limiter = new AttemptLimiter(_time);
        var address = IPAddress.Parse("192.0.2.1");
        Fail(limiter, address, AttemptLimiter.Limit - 1);
        Assert.Null(limiter.LockedFor(address));

        _time.Advance(TimeSpan.FromSeconds(20));
        limiter.Failed(address);
        Assert.Equal(TimeSpan.FromSeconds(40), limiter.LockedFor(address));

        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Null(limiter.LockedFor(address));
        limiter.Failed(address);
        Assert.Null(limiter.LockedFor(address));
    }

    [Fact]
    public void The_addresses_of_one_ipv6_network_count_together()
    {
        var limiter = new AttemptLimiter(_time);
        for (int i = 0; i < AttemptLimiter.Limit; i++)
        {
            limiter.Failed(IPAddress.Parse("2001:db8:1:2::" + i));
        }

        Assert.NotNull(limiter.LockedFor(IPAddress.Parse("2001:db8:1:2:ffff::9")));
        Assert.Null(limiter.LockedFor(IPAddress.Parse("2001:db8:1:3::9")));
    }

    [Fact]
    public void Beyond_its_capacity_new_addresses_share_one_count_until_old_ones_end()
    {
        var limiter = new AttemptLimiter(_time);
        for (int i = 0; i < AttemptLimiter.Capacity + AttemptLimiter.Limit; i++)
        {
            limiter.Failed(Address(i));
        }

        Assert.NotNull(limiter.LockedFor(Address(1_000_000)));
        Assert.Null(limiter.LockedFor(Address(0)));

        _time.Advance(AttemptLimiter.Window);
        Assert.Null(limiter.LockedFor(Address(1_000_000)));
    }

    private static IPAddress Address(int number) => new([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    private static void Fail(AttemptLimiter limiter, IPAddress address, int times)
    {
        for (int i = 0; i < times; i++)
        {
            limiter.Failed(address);
        }
    }
}
