using System.Net;
using PerfPortal.Server.Security;
using Xunit;

namespace PerfPortal.Tests.Security;

public sealed class AttemptLimiterTests
{
    [Fact]
    public void Failures_beyond_the_limit_are_refused_until_the_window_ends()
    {
        using var limiter = new AttemptLimiter(AttemptLimiter.DefaultWindow);
        var address = IPAddress.Parse("192.0.2.1");
        for (int i = 0; i < AttemptLimiter.Limit; i++)
        {
            Assert.Null(limiter.CountFailure(address));
        }

        Assert.InRange(limiter.CountFailure(address)!.Value, TimeSpan.FromTicks(1), AttemptLimiter.DefaultWindow);
        Assert.Null(limiter.CountFailure(NotCountedWith(address)));
    }

    [Fact]
    public async Task A_new_window_allows_failures_again()
    {
        // The limiter takes the time from the system. However slow the machine is, ten thousand failures do not fit within the limit.
        using var limiter = new AttemptLimiter(TimeSpan.FromMilliseconds(200));
        var address = IPAddress.Parse("192.0.2.1");
        Assert.Contains(Enumerable.Range(0, 10_000), _ => limiter.CountFailure(address) is not null);

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(30));
        while (limiter.CountFailure(address) is not null)
        {
            await Task.Delay(50, timeout.Token);
        }
    }

    [Fact]
    public void The_addresses_of_one_ipv6_network_count_together()
    {
        using var limiter = new AttemptLimiter(AttemptLimiter.DefaultWindow);
        for (int i = 0; i < AttemptLimiter.Limit; i++)
        {
            Assert.Null(limiter.CountFailure(IPAddress.Parse("2001:db8:1:2::" + i)));
        }

        Assert.NotNull(limiter.CountFailure(IPAddress.Parse("2001:db8:1:2:ffff::9")));
    }

    [Fact]
    public void An_ipv4_address_counts_once_however_it_is_written() =>
        Assert.Equal(AttemptLimiter.PartitionOf(IPAddress.Parse("192.0.2.1")), AttemptLimiter.PartitionOf(IPAddress.Parse("::ffff:192.0.2.1")));

    [Fact]
    public void The_number_of_counts_is_bounded() =>
        Assert.All(Enumerable.Range(0, 100_000), i => Assert.InRange(AttemptLimiter.PartitionOf(Address(i)), 0, AttemptLimiter.MaxPartitions - 1));

    /// <summary>An address with a count that is not the one of <paramref name="address"/>.</summary>
    internal static IPAddress NotCountedWith(IPAddress address) =>
        Enumerable.Range(0, 1_000).Select(Address).First(other => AttemptLimiter.PartitionOf(other) != AttemptLimiter.PartitionOf(address));

    private static IPAddress Address(int number) => new([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);
}
