using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling.Probes.Linux;
using Xunit;

namespace PerfPortal.Tests.Sampling.Probes;

public sealed class LinuxNetworkProbeTests : IDisposable
{
    private readonly FakeLinux _linux = new();
    private readonly LinuxNetworkProbe _probe;

    public LinuxNetworkProbeTests() => _probe = new(_linux.Root);

    public void Dispose()
    {
        _probe.Dispose();
        _linux.Dispose();
    }

    [Fact]
    public void Every_interface_is_listed_and_adapters_make_the_total()
    {
        _linux.MakeDirectory("/sys/class/net/eth0/device").MakeDirectory("/sys/class/net/wlan0/device").MakeDirectory("/sys/class/net/bond0");
        Lines("    lo: 5 0 0 0 0 0 0 0 5 0", "  eth0: 1000 1 0 0 0 0 0 0 2000 9", "wlan0:0 0 0 0 0 0 0 0 0 0", " bond0: 0 0 0 0 0 0 0 0 0 0", "veth1: 0 0 0 0 0 0 0 0 0 0");
        (var first, var warming) = _linux.Read(_probe, secondsAfter: 10);
        Lines("    lo: 9 0 0 0 0 0 0 0 9 0", "  eth0: 2000 1 0 0 0 0 0 0 4000 9", "wlan0:500 0 0 0 0 0 0 0 10 0", " bond0: 900 0 0 0 0 0 0 0 0 0", "veth1: 70 0 0 0 0 0 0 0 0 0");

        (var second, var status) = _linux.Read(_probe);

        Assert.Equal(SensorState.Warming, warming.State);
        Assert.Equal(["eth0", "wlan0", "bond0", "veth1"], first.Networks.Select(one => one.Name));
        Assert.All(first.Networks, one => Assert.Null(one.RxBytesPerSecond));
        Assert.Equal(SensorStatus.Ok, status);
        Assert.Equal(150, second[ResourceMetric.NetworkRxBytesPerSecond]);
        Assert.Equal(201, second[ResourceMetric.NetworkTxBytesPerSecond]);
        Assert.Equal(90, second.Networks.Single(one => one.Name == "bond0").RxBytesPerSecond);
    }

    [Fact]
    public void In_a_container_all_but_what_is_virtual_by_name_makes_the_total()
    {
        Lines("eth0: 0 0 0 0 0 0 0 0 0 0", "docker0: 0 0 0 0 0 0 0 0 0 0", "ifb0: 0 0 0 0 0 0 0 0 0 0");
        _linux.Read(_probe, secondsAfter: 1);
        Lines("eth0: 10 0 0 0 0 0 0 0 20 0", "docker0: 100 0 0 0 0 0 0 0 100 0", "ifb0: 100 0 0 0 0 0 0 0 100 0");

        var sample = _linux.Read(_probe).Sample;

        Assert.Equal(10, sample[ResourceMetric.NetworkRxBytesPerSecond]);
        Assert.Equal(20, sample[ResourceMetric.NetworkTxBytesPerSecond]);
    }

    [Theory]
    [InlineData("podman0")]
    [InlineData("docker0")]
    [InlineData("br-1f2e")]
    [InlineData("virbr0")]
    [InlineData("mybridge")]
    [InlineData("wg0")]
    [InlineData("tailscale0")]
    [InlineData("bond0")]
    [InlineData("eth0.100")]
    [InlineData("veth12ab")]
    public void What_passes_through_another_interface_beside_a_physical_one_is_listed_and_not_counted(string name)
    {
        _linux.MakeDirectory("/sys/class/net/eth0/device").MakeDirectory("/sys/class/net/" + name);
        Assert.Equal((10, 20), Rates(name, ["eth0", name]));
    }

    [Fact]
    public void The_virtual_function_below_a_cloud_adapter_is_not_counted_twice()
    {
        _linux.MakeDirectory("/sys/class/net/eth0/device").MakeDirectory("/sys/class/net/enP1s2/device").MakeDirectory("/sys/class/net/enP1s2/master/device");
        Assert.Equal((10, 20), Rates("enP1s2", ["eth0", "enP1s2"]));
    }

    [Fact]
    public void Both_ports_of_a_bond_are_counted_and_the_bond_is_not()
    {
        _linux.MakeDirectory("/sys/class/net/bond0").MakeDirectory("/sys/class/net/eth0/device").MakeDirectory("/sys/class/net/eth0/master")
            .MakeDirectory("/sys/class/net/eth1/device").MakeDirectory("/sys/class/net/eth1/master");
        Assert.Equal((20, 40), Rates("", ["eth0", "eth1"], "bond0"));
    }

    [Fact]
    public void The_ports_of_a_switch_chip_are_counted_at_the_adapter_behind_it()
    {
        _linux.MakeDirectory("/sys/class/net/eth0/device").MakeDirectory("/sys/class/net/lan1/device")
            .Write("/sys/class/net/eth0/ifindex", "2\n").Write("/sys/class/net/eth0/iflink", "2\n")
            .Write("/sys/class/net/lan1/ifindex", "3\n").Write("/sys/class/net/lan1/iflink", "2\n");
        Assert.Equal((10, 20), Rates("lan1", ["eth0", "lan1"]));
    }

    [Theory]
    [InlineData("/proc/self/net/route", "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\nnet7\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\nnet1\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0\n")]
    [InlineData("/proc/self/net/ipv6_route", "fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     net7\n00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     net1\n00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n")]
    public void In_a_container_what_carries_the_default_route_makes_the_total(string path, string routes)
    {
        _linux.Write(path, routes);
        Assert.Equal((10, 20), Rates("net7", ["net1", "net7"]));
    }

    [Fact]
    public void A_default_route_that_moves_is_followed_within_a_minute()
    {
        Route("net1");
        Lines("net1: 0 0 0 0 0 0 0 0 0 0", "net2: 0 0 0 0 0 0 0 0 0 0");
        _linux.Read(_probe, secondsAfter: 60);
        Route("net2");
        Lines("net1: 60 0 0 0 0 0 0 0 0 0", "net2: 120 0 0 0 0 0 0 0 0 0");

        Assert.Equal(2, _linux.Read(_probe).Sample[ResourceMetric.NetworkRxBytesPerSecond]);

        void Route(string name) => _linux.Write("/proc/self/net/route", $"{name}\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");
    }

    [Fact]
    public void Interfaces_that_come_go_and_change_places_keep_their_own_counters()
    {
        Lines("a0: 100 0 0 0 0 0 0 0 0 0", "b0: 900 0 0 0 0 0 0 0 0 0");
        _linux.Read(_probe, secondsAfter: 1);
        Lines("c0: 5000 0 0 0 0 0 0 0 0 0", "b0: 901 0 0 0 0 0 0 0 0 0", "a0: 102 0 0 0 0 0 0 0 0 0");

        var sample = _linux.Read(_probe, secondsAfter: 1).Sample;
        Assert.Equal([null, 1.0, 2.0], sample.Networks.OrderByDescending(one => one.Name).Select(one => one.RxBytesPerSecond));
        Assert.Equal(3, sample[ResourceMetric.NetworkRxBytesPerSecond]);

        Lines("a0: 103 0 0 0 0 0 0 0 0 0");
        sample = _linux.Read(_probe, secondsAfter: 1).Sample;
        Assert.Equal("a0", Assert.Single(sample.Networks).Name);

        Lines("b0: 100000 0 0 0 0 0 0 0 0 0", "a0: 104 0 0 0 0 0 0 0 0 0");
        Assert.Equal(1, _linux.Read(_probe).Sample[ResourceMetric.NetworkRxBytesPerSecond]);
    }

    [Fact]
    public void A_counter_that_wraps_gives_no_rate_in_that_round()
    {
        Lines("eth0: 4294967000 0 0 0 0 0 0 0 0 0");
        _linux.Read(_probe, secondsAfter: 1);
        Lines("eth0: 100 0 0 0 0 0 0 0 60 0");

        (var sample, var status) = _linux.Read(_probe);

        Assert.Null(sample[ResourceMetric.NetworkRxBytesPerSecond]);
        Assert.Null(sample.Networks[0].RxBytesPerSecond);
        Assert.Equal(60, sample[ResourceMetric.NetworkTxBytesPerSecond]);
        Assert.Equal(SensorState.Warming, status.State);
    }

    [Fact]
    public void A_clock_that_stands_or_runs_backwards_gives_no_rate()
    {
        Lines("eth0: 0 0 0 0 0 0 0 0 0 0");
        _linux.Read(_probe, secondsAfter: 0);
        Lines("eth0: 100 0 0 0 0 0 0 0 100 0");
        Assert.Null(_linux.Read(_probe, secondsAfter: -5).Sample[ResourceMetric.NetworkRxBytesPerSecond]);
        Lines("eth0: 200 0 0 0 0 0 0 0 200 0");
        Assert.Null(_linux.Read(_probe).Sample[ResourceMetric.NetworkRxBytesPerSecond]);
    }

    [Fact]
    public void With_loopback_alone_the_sensor_is_absent()
    {
        Lines("lo: 1 0 0 0 0 0 0 0 1 0");

        (var sample, var status) = _linux.Read(_probe);

        Assert.Equal(SensorState.Absent, status.State);
        Assert.Null(sample[ResourceMetric.NetworkRxBytesPerSecond]);
        Assert.Empty(sample.Networks);
    }

    [Fact]
    public void Lines_that_cannot_be_understood_are_passed_over()
    {
        Lines("eth0: 1 2", "eth1: a b c d e f g h i j", "no colon", "eth2: 0 0 0 0 0 0 0 0 0 0");

        Assert.Equal("eth2", Assert.Single(_linux.Read(_probe).Sample.Networks).Name);
    }

    [Fact]
    public void A_text_without_its_heading_is_a_failure()
    {
        _linux.Write("/proc/self/net/dev", "rubbish\n");

        Assert.Equal(SensorState.Failed, _linux.Read(_probe).Status.State);
    }

    /// <summary>The totals when each adapter receives 10 and sends 20 bytes per second, and the others move a hundred times as much.</summary>
    private (double? Received, double? Sent) Rates(string uncounted, string[] names, string? other = null)
    {
        string[] all = [.. names, .. other is null ? Array.Empty<string>() : [other]];
        Lines([.. all.Select(name => $"{name}: 0 0 0 0 0 0 0 0 0 0")]);
        _linux.Read(_probe, secondsAfter: 1);
        Lines([.. all.Select(name => name == uncounted || name == other ? $"{name}: 1000 0 0 0 0 0 0 0 2000 0" : $"{name}: 10 0 0 0 0 0 0 0 20 0")]);
        var sample = _linux.Read(_probe).Sample;
        Assert.Equal(all, sample.Networks.Select(one => one.Name));
        return (sample[ResourceMetric.NetworkRxBytesPerSecond], sample[ResourceMetric.NetworkTxBytesPerSecond]);
    }

    private void Lines(params string[] lines) => _linux.Write(
        "/proc/self/net/dev",
        "Inter-|   Receive                                                |  Transmit\n"
        + " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n"
        + string.Join('\n', lines) + "\n");
}
