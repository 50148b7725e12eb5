using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling.Probes.Linux;
using Xunit;

namespace PerfPortal.Tests.Sampling.Probes;

public sealed class ControlGroupTests : IDisposable
{
    private const string Mounted = "35 27 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n";
    private const string MemInfo = "MemTotal: 16777216 kB\nMemFree: 4194304 kB\nMemAvailable: 12582912 kB\nSwapTotal: 2097152 kB\nSwapFree: 1048576 kB\n";
    private const long Gi = 1L << 30;

    private readonly FakeLinux _linux = new FakeLinux().Write("/proc/self/mountinfo", Mounted).Write("/proc/meminfo", MemInfo);

    public void Dispose() => _linux.Dispose();

    [Fact]
    public void The_tightest_memory_limit_of_all_ancestors_binds_and_its_own_use_counts()
    {
        In("/kube/pod/app");
        Memory("/kube", max: "8589934592", current: 5 * Gi, inactive: 0);
        Memory("/kube/pod", max: $"{4 * Gi}", current: 3 * Gi, inactive: Gi);
        Memory("/kube/pod/app", max: "max", current: Gi, inactive: 0);

        (var sample, var status) = ReadMemory();

        Assert.Equal(SensorStatus.Ok, status);
        Assert.Equal(4096, sample[ResourceMetric.MemoryTotalMb]);
        Assert.Equal(2048, sample[ResourceMetric.MemoryUsedMb]);
        Assert.Equal(2048, sample[ResourceMetric.MemoryAvailableMb]);
        Assert.Equal(50, sample[ResourceMetric.MemoryPercent]);
    }

    [Fact]
    public void A_limit_above_the_host_s_memory_is_none()
    {
        In("/app");
        Memory("/app", max: $"{32 * Gi}", current: Gi, inactive: 0);

        var sample = ReadMemory().Sample;

        Assert.Equal(16384, sample[ResourceMetric.MemoryTotalMb]);
        Assert.Equal(4096, sample[ResourceMetric.MemoryUsedMb]);
    }

    [Fact]
    public void The_host_s_shortage_bounds_what_is_available_in_a_limited_group()
    {
        _linux.Write("/proc/meminfo", MemInfo.Replace("12582912", "524288", StringComparison.Ordinal));
        In("/app");
        Memory("/app", max: $"{4 * Gi}", current: Gi, inactive: 0);

        Assert.Equal(512, ReadMemory().Sample[ResourceMetric.MemoryAvailableMb]);
    }

    [Fact]
    public void Swap_is_the_group_s_own_where_memory_is_limited()
    {
        In("/app");
        Memory("/app", max: $"{4 * Gi}", current: Gi, inactive: 0);
        _linux.Write("/sys/fs/cgroup/app/memory.swap.max", "0\n").Write("/sys/fs/cgroup/app/memory.swap.current", "0\n");

        var sample = ReadMemory().Sample;

        Assert.Equal(0, sample[ResourceMetric.SwapTotalMb]);
        Assert.Equal(0, sample[ResourceMetric.SwapUsedMb]);
    }

    [Theory]
    [InlineData("/", "/", "")] // a namespace of its own: the container's group is the top
    [InlineData("/docker/abc", "/docker/abc", "")] // the host's namespace, only the container's part mounted
    [InlineData("/docker/abc", "/docker/abc/inner", "/inner")]
    [InlineData("/", "/../../elsewhere", "")] // outside of the namespace
    [InlineData("/", "/gone", "")] // a group that is not shown
    public void The_group_is_found_whatever_part_of_the_tree_is_mounted(string mountRoot, string path, string expected)
    {
        _linux.Write("/proc/self/mountinfo", Mounted.Replace(" / /sys", $" {mountRoot} /sys", StringComparison.Ordinal)).MakeDirectory("/sys/fs/cgroup" + expected);
        _linux.Write("/proc/self/cgroup", $"0::{path}\n");

        Assert.Equal("/sys/fs/cgroup" + expected, ControlGroup.Of(_linux.Root, "memory").Directories[0]);
    }

    [Fact]
    public void Cpu_percent_is_relative_to_the_tightest_quota()
    {
        In("/kube/app");
        _linux.Write("/sys/fs/cgroup/kube/cpu.max", "150000 100000\n").Write("/sys/fs/cgroup/kube/app/cpu.max", "400000 100000\n");
        using var probe = new LinuxCpuProbe(_linux.Root);
        Usage("/kube", 1_000_000);
        Usage("/kube/app", 0);
        Processors(8);
        (var first, var warming) = _linux.Read(probe, secondsAfter: 10);
        Usage("/kube", 7_000_000);

        (var second, var status) = _linux.Read(probe);

        Assert.Equal(SensorState.Warming, warming.State);
        Assert.Null(first[ResourceMetric.CpuPercent]);
        Assert.Equal(1.5, first[ResourceMetric.CpuCount]);
        Assert.Equal(SensorStatus.Ok, status);
        Assert.Equal(40, second[ResourceMetric.CpuPercent]!.Value, 9); // 6 s of 10 s × 1.5
    }

    [Fact]
    public void A_burst_over_the_quota_is_100_percent()
    {
        In("/app");
        _linux.Write("/sys/fs/cgroup/app/cpu.max", "50000 100000\n");
        using var probe = new LinuxCpuProbe(_linux.Root);
        Usage("/app", 0);
        Processors(2);
        _linux.Read(probe, secondsAfter: 1);
        Usage("/app", 900_000);

        Assert.Equal(100, _linux.Read(probe).Sample[ResourceMetric.CpuPercent]);
    }

    [Fact]
    public void Usage_that_goes_backwards_gives_no_percent()
    {
        In("/app");
        _linux.Write("/sys/fs/cgroup/app/cpu.max", "50000 100000\n");
        using var probe = new LinuxCpuProbe(_linux.Root);
        Usage("/app", 900_000);
        Processors(2);
        _linux.Read(probe);
        Usage("/app", 1000);

        Assert.Null(_linux.Read(probe).Sample[ResourceMetric.CpuPercent]);
    }

    [Fact]
    public void A_quota_whose_use_is_not_told_is_a_failure()
    {
        In("/app");
        _linux.Write("/sys/fs/cgroup/app/cpu.max", "50000 100000\n");
        using var probe = new LinuxCpuProbe(_linux.Root);
        Processors(2);

        (var sample, var status) = _linux.Read(probe);

        Assert.Equal(SensorState.Failed, status.State);
        Assert.Null(sample[ResourceMetric.CpuPercent]);
        Assert.Equal(0.5, sample[ResourceMetric.CpuCount]);
    }

    [Fact]
    public void A_set_of_processors_is_the_only_one_that_counts()
    {
        In("/app");
        _linux.Write("/sys/fs/cgroup/app/cpuset.cpus.effective", "1,3-4\n").Write("/sys/fs/cgroup/app/cpu.max", "max 100000\n");
        using var probe = new LinuxCpuProbe(_linux.Root);
        _linux.Write("/proc/stat", "cpu0 0 0 0 0\ncpu1 0 0 0 0\ncpu2 0 0 0 0\ncpu3 0 0 0 0\n");
        _linux.Read(probe);
        _linux.Write("/proc/stat", "cpu0 100 0 0 0\ncpu1 50 0 0 50\ncpu2 100 0 0 0\ncpu3 0 0 0 100\n");

        var sample = _linux.Read(probe).Sample;

        Assert.Equal(2, sample[ResourceMetric.CpuCount]);
        Assert.Equal(25, sample[ResourceMetric.CpuPercent]);
        Assert.Equal([50.0, 0.0], sample.CpuCores);
    }

    [Fact]
    public void A_limit_that_is_set_later_is_found_within_a_minute()
    {
        In("/app");
        Memory("/app", max: "max", current: Gi, inactive: 0);
        using var probe = new LinuxMemoryProbe(_linux.Root);
        Assert.Equal(16384, _linux.Read(probe, secondsAfter: 30).Sample[ResourceMetric.MemoryTotalMb]);
        Memory("/app", max: $"{2 * Gi}", current: Gi, inactive: 0);
        Assert.Equal(16384, _linux.Read(probe, secondsAfter: 30).Sample[ResourceMetric.MemoryTotalMb]);

        Assert.Equal(2048, _linux.Read(probe).Sample[ResourceMetric.MemoryTotalMb]);
    }

    [Theory]
    [InlineData("max 100000", null)]
    [InlineData("50000 100000", 0.5)]
    [InlineData("0 100000", null)]
    [InlineData("50000 0", null)]
    [InlineData("50000", null)]
    [InlineData("-1 100000", null)]
    public void A_quota_is_read_as_processors(string text, double? expected) => Assert.Equal(expected, ControlGroup.ParseQuota(text));

    private void In(string path)
    {
        _linux.Write("/proc/self/cgroup", $"9:name=systemd:/x\n0::{path}\n").MakeDirectory("/sys/fs/cgroup" + path);
    }

    private void Memory(string group, string max, long current, long inactive) => _linux
        .Write($"/sys/fs/cgroup{group}/memory.max", max + "\n")
        .Write($"/sys/fs/cgroup{group}/memory.current", current + "\n")
        .Write($"/sys/fs/cgroup{group}/memory.stat", $"anon 1\nfile 2\ninactive_anon 7\ninactive_file {inactive}\nactive_file 3\n");

    private void Usage(string group, long microseconds) =>
        _linux.Write($"/sys/fs/cgroup{group}/cpu.stat", $"usage_usec {microseconds}\nuser_usec 1\nsystem_usec 1\n");

    private void Processors(int count) =>
        _linux.Write("/proc/stat", string.Concat(Enumerable.Range(0, count).Select(core => $"cpu{core} 100 0 0 100 0 0 0 0 0 0\n")));

    private (ResourceSample Sample, SensorStatus Status) ReadMemory()
    {
        using var probe = new LinuxMemoryProbe(_linux.Root);
        return _linux.Read(probe);
    }
}
