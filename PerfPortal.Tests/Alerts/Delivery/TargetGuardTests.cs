using System.Net;
using PerfPortal.Server.Alerts.Guard;
using PerfPortal.Server.Security;
using Xunit;

namespace PerfPortal.Tests.Alerts.Delivery;

public sealed class TargetGuardTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("169.254.169.254")]
    [InlineData("198.18.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%2")]
    [InlineData("fd00::1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::10.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2001:0:1::1")]
    public void An_address_that_is_not_public_is_explained(string address) => Assert.NotNull(AddressRanges.Explain(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("169.253.0.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::808:808")]
    public void A_public_address_is_not(string address) => Assert.Null(AddressRanges.Explain(IPAddress.Parse(address)));

    [Fact]
    public async Task A_name_that_resolves_to_a_private_address_only_when_connecting_is_refused()
    {
        int calls = 0;
        var guard = new TargetGuard(false, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(calls++ == 0 ? "93.184.216.34" : "127.0.0.1")]));
        Assert.Null(await guard.ExplainAsync("rebind.example.com", TestContext.Current.CancellationToken));
        var refused = await Assert.ThrowsAsync<TargetRefusedException>(() => guard.ConnectAsync("rebind.example.com", 80, TestContext.Current.CancellationToken));
        Assert.Contains("rebind.example.com is a loopback address, 127.0.0.1.", refused.Message, StringComparison.Ordinal);
        Assert.Contains("PerfPortal:Alerts:AllowPrivateTargets", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_literal_address_and_localhost_are_refused_and_an_unknown_name_is_not_judged()
    {
        var guard = new TargetGuard(false);
        Assert.Contains("a link-local address", await guard.ExplainAsync("169.254.169.254", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("a loopback address", await guard.ExplainAsync("[::1]", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("a loopback address", await guard.ExplainAsync("localhost", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Null(await guard.ExplainAsync("no-such-host.invalid", TestContext.Current.CancellationToken));
        Assert.Null(await new TargetGuard(true).ExplainAsync("127.0.0.1", TestContext.Current.CancellationToken));
    }
}
