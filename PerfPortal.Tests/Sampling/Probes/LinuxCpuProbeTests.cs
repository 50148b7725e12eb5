using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling.Probes.Linux;
using Xunit;

namespace PerfPortal.Tests.Sampling.Probes;

public sealed class LinuxCpuProbeTests : IDisposable
{
    private readonly FakeLinux _linux = new();

    public void Dispose() => _linux.Dispose();

    [Fact]
    public void The_first_reading_warms_and_tells_count_and_load()
    {
        _linux.Write("/proc/stat", Stat("cpu0 100 0 0 100 0 0 0 0 0 0", "cpu1 100 0 0 100 0 0 0 0 0 0")).Write("/proc/loadavg", "0.26 1.12 2.13 1/90 7039\n");
        using var probe = new LinuxCpuProbe(_linux.Root);

        (var sample, var status) = _linux.Read(probe);

        Assert.Equal(SensorState.Warming, status.State);
        Assert.NotNull(status.Reason);
        Assert.Null(sample[ResourceMetric.CpuPercent]);
        Assert.Equal(2, sample[ResourceMetric.CpuCount]);
        Assert.Equal(0.26, sample[ResourceMetric.Load1]);
        Assert.Equal(1.12, sample[ResourceMetric.Load5]);
        Assert.Equal(2.13, sample[ResourceMetric.Load15]);
        Assert.Empty(sample.CpuCores);
    }

    [Fact]
    public void Percent_is_the_busy_share_between_two_readings()
    {
        (var sample, var status) = ReadTwice(
            Stat("cpu0 100 10 20 1000 5 1 2 0 0 0", "cpu1 100 0 0 1000 0 0 0 0 0 0"),
            Stat("cpu0 150 15 40 1020 10 1 2 0 0 0", "cpu1 100 0 0 1100 0 0 0 0 0 0"));

        Assert.Equal(SensorStatus.Ok, status);
        Assert.Equal([75.0, 0.0], sample.CpuCores);
        Assert.Equal(37.5, sample[ResourceMetric.CpuPercent]);
    }

    [Theory]
    [InlineData("cpu0 0 0 0 150 50 0 0 0 0 0", 0.0)] // iowait is idle
    [InlineData("cpu0 0 0 0 150 0 0 0 50 0 0", 50.0)] // steal is in use
    [InlineData("cpu0 50 0 0 150 0 0 0 0 50 0", 50.0)] // guest is part of user and not counted twice
    [InlineData("cpu0 0 0 0 150 0 25 25 0 0 0", 50.0)] // interrupts are in use
    public void Each_way_to_spend_time_counts_as_stated(string later, double expected)
    {
        (var sample, _) = ReadTwice(Stat("cpu0 0 0 0 100 0 0 0 0 0 0"), Stat(later));

        Assert.Equal(expected, sample[ResourceMetric.CpuPercent]);
    }

    [Fact]
    public void A_kernel_with_four_columns_is_understood()
    {
        (var sample, _) = ReadTwice("cpu  0 0 0 0\ncpu0 0 0 0 0\nbtime 1\n", "cpu  10 0 0 30\ncpu0 10 0 0 30\nbtime 1\n");

        Assert.Equal(25, sample[ResourceMetric.CpuPercent]);
    }

    [Fact]
    public void Iowait_that_goes_back_a_little_disturbs_nothing()
    {
        (var sample, _) = ReadTwice(Stat("cpu0 0 0 0 100 50 0 0 0 0 0"), Stat("cpu0 50 0 0 150 49 0 0 0 0 0"));

        Assert.Equal(50, sample[ResourceMetric.CpuPercent]);
    }

    [Fact]
    public void Busy_time_that_goes_backwards_gives_no_percent_in_that_round_only()
    {
        using var probe = new LinuxCpuProbe(_linux.Root);
        _linux.Write("/proc/stat", Stat("cpu0 1000 0 0 1000 0 0 0 0 0 0"));
        _linux.Read(probe);
        _linux.Write("/proc/stat", Stat("cpu0 10 0 0 1100 0 0 0 0 0 0"));

        (var sample, var status) = _linux.Read(probe);
        Assert.Null(sample[ResourceMetric.CpuPercent]);
        Assert.Empty(sample.CpuCores);
        Assert.Equal(SensorState.Warming, status.State);

        _linux.Write("/proc/stat", Stat("cpu0 35 0 0 1175 0 0 0 0 0 0"));
        Assert.Equal(25, _linux.Read(probe).Sample[ResourceMetric.CpuPercent]);
    }

    [Fact]
    public void Two_readings_within_one_tick_give_no_percent()
    {
        string same = Stat("cpu0 1000 0 0 1000 0 0 0 0 0 0");

        (var sample, var status) = ReadTwice(same, same);

        Assert.Null(sample[ResourceMetric.CpuPercent]);
        Assert.Equal(SensorState.Warming, status.State);
    }

    [Fact]
    public void A_core_that_comes_later_is_told_from_its_second_reading_on()
    {
        using var probe = new LinuxCpuProbe(_linux.Root);
        _linux.Write("/proc/stat", Stat("cpu0 0 0 0 0"));
        _linux.Read(probe);
        _linux.Write("/proc/stat", Stat("cpu0 10 0 0 10", "cpu2 900 0 0 0"));
        Assert.Equal([50.0], _linux.Read(probe).Sample.CpuCores);
        _linux.Write("/proc/stat", Stat("cpu0 20 0 0 20", "cpu2 900 0 0 100"));

        var sample = _linux.Read(probe).Sample;

        Assert.Equal([50.0, 0.0], sample.CpuCores);
        Assert.Equal(100 * 10.0 / 120, sample[ResourceMetric.CpuPercent]!.Value, 9);
    }

    [Theory]
    [InlineData("")]
    [InlineData("intr 1 2 3\n")]
    [InlineData("cpu  what is this\ncpu0 -1 x\n")]
    [InlineData("cpu0 99999999999999999999999999 1 1 1\n")]
    public void Garbage_is_a_failure_with_a_reason(string stat)
    {
        (var sample, var status) = ReadTwice(stat, stat);

        Assert.Equal(SensorState.Failed, status.State);
        Assert.Contains("/proc/stat", status.Reason, StringComparison.Ordinal);
        Assert.Null(sample[ResourceMetric.CpuPercent]);
        Assert.Null(sample[ResourceMetric.CpuCount]);
    }

    [Fact]
    public void Without_the_file_the_sensor_is_absent_and_appears_with_it()
    {
        using var probe = new LinuxCpuProbe(_linux.Root);
        (var sample, var status) = _linux.Read(probe);
        Assert.Equal(new SensorStatus(SensorState.Absent, "This system has no /proc/stat."), status);
        Assert.Null(sample[ResourceMetric.CpuPercent]);

        _linux.Write("/proc/stat", Stat("cpu0 0 0 0 0"));
        Assert.Equal(SensorState.Warming, _linux.Read(probe).Status.State);
    }

    [Fact]
    public void A_garbled_load_leaves_only_the_load_unknown()
    {
        _linux.Write("/proc/loadavg", "nan x\n");

        (var sample, var status) = ReadTwice(Stat("cpu0 0 0 0 0"), Stat("cpu0 1 0 0 1"));

        Assert.Equal(SensorStatus.Ok, status);
        Assert.Null(sample[ResourceMetric.Load1]);
        Assert.Equal(50, sample[ResourceMetric.CpuPercent]);
    }

    [Fact]
    public void A_file_longer_than_the_buffer_is_read_whole()
    {
        string[] before = [.. Enumerable.Range(0, 500).Select(core => $"cpu{core} 1000000 0 0 1000000 0 0 0 0 0 0")];
        string[] after = [.. Enumerable.Range(0, 500).Select(core => $"cpu{core} 1000001 0 0 1000003 0 0 0 0 0 0")];

        (var sample, _) = ReadTwice(Stat(before), Stat(after));

        Assert.Equal(500, sample.CpuCores.Count);
        Assert.Equal(25, sample[ResourceMetric.CpuPercent]);
    }

    private static string Stat(params string[] cores) => $"cpu  1 2 3 4 5 6 7 8 9 10\n{string.Join('\n', cores)}\nintr 297864 0 0\nctxt 784776\nbtime 1795479600\n";

    private (ResourceSample Sample, SensorStatus Status) ReadTwice(string first, string second)
    {
        using var probe = new LinuxCpuProbe(_linux.Root);
        _linux.Write("/proc/stat", first);
        _linux.Read(probe);
        _linux.Write("/proc/stat", second);
        return _linux.Read(probe);
    }
}
