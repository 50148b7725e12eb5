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

    private void Lines(params string[] lines) => _linux.Write(
        "/proc/self/net/dev",
        "Inter-|   Receive                                                |  Transmit\n"
        + " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n"
        + string.Join('\n', lines) + "\n");
}
