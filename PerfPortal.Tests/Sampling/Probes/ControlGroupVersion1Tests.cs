using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling.Probes.Linux;
using Xunit;

namespace PerfPortal.Tests.Sampling.Probes;

public sealed class ControlGroupVersion1Tests : IDisposable
{
    private const string Unlimited = "9223372036854771712";
    private const string Groups = "/sys/fs/cgroup/memory";
    private const long Mi = 1L << 20;

    private readonly FakeLinux _linux = new FakeLinux()
        .Write(
            "/proc/self/mountinfo",
            "33 32 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
            + "34 32 0:30 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
            + "35 32 0:31 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
            + "36 32 0:32 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n")
        .Write("/proc/self/cgroup", "4:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n2:cpuset:/docker/abc\n1:name=systemd:/x\n0::/system.slice\n")
        .Write("/proc/meminfo", "MemTotal: 24683520 kB\nMemFree: 4194304 kB\nMemAvailable: 12582912 kB\nSwapTotal: 2097152 kB\nSwapFree: 1048576 kB\n")
        .MakeDirectory("/sys/fs/cgroup/cpu,cpuacct/docker/abc").MakeDirectory("/sys/fs/cgroup/cpuset/docker/abc").MakeDirectory(Groups + "/docker/abc");

    public void Dispose() => _linux.Dispose();

    [Fact]
    public void A_container_with_600_MB_has_600_MB_and_its_inactive_file_pages_are_not_used()
    {
        Memory("", Unlimited, 9000 * Mi, "");
        Memory("/docker", Unlimited, 5000 * Mi, "");
        Memory("/docker/abc", $"{600 * Mi}", 400 * Mi, $"cache 1\ninactive_file 7\nhierarchical_memory_limit {600 * Mi}\ntotal_inactive_file {100 * Mi}\ntotal_swap {30 * Mi}\n");
        _linux.Write(Groups + "/docker/abc/memory.memsw.limit_in_bytes", $"{700 * Mi}\n");

        (var sample, var status) = ReadMemory();

        Assert.Equal(SensorStatus.Ok, status);
        Assert.Equal(600, sample[ResourceMetric.MemoryTotalMb]);
        Assert.Equal(300, sample[ResourceMetric.MemoryUsedMb]);
        Assert.Equal(300, sample[ResourceMetric.MemoryAvailableMb]);
        Assert.Equal(50, sample[ResourceMetric.MemoryPercent]);
        Assert.Equal(100, sample[ResourceMetric.SwapTotalMb]);
        Assert.Equal(30, sample[ResourceMetric.SwapUsedMb]);
    }

    [Fact]
    public void The_limit_of_a_group_above_the_visible_ones_is_stated_by_the_own_group()
    {
        _linux.Write("/proc/self/mountinfo", "35 32 0:31 /pod/abc /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n").Write("/proc/self/cgroup", "4:memory:/pod/abc\n");
        Memory("", Unlimited, 300 * Mi, $"hierarchical_memory_limit {600 * Mi}\ntotal_inactive_file 0\n");

        var sample = ReadMemory().Sample;

        Assert.Equal(600, sample[ResourceMetric.MemoryTotalMb]);
        Assert.Equal(300, sample[ResourceMetric.MemoryUsedMb]);
    }

    [Fact]
    public void Without_a_limit_the_host_s_memory_counts()
    {
        Memory("", Unlimited, 9000 * Mi, "");
        Memory("/docker/abc", Unlimited, 300 * Mi, $"hierarchical_memory_limit {Unlimited}\n");

        Assert.Equal(24105, ReadMemory().Sample[ResourceMetric.MemoryTotalMb]);
    }

    [Fact]
    public void A_cpu_quota_and_its_usage_are_read_from_their_own_files()
    {
        const string Group = "/sys/fs/cgroup/cpu,cpuacct/docker/abc";
        _linux.Write(Group + "/cpu.cfs_quota_us", "150000\n").Write(Group + "/cpu.cfs_period_us", "100000\n").Write(Group + "/cpuacct.usage", "1000000000\n")
            .Write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n").Write("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n")
            .Write("/proc/stat", string.Concat(Enumerable.Range(0, 8).Select(core => $"cpu{core} 100 0 0 100 0 0 0 0 0 0\n")));
        using var probe = new LinuxCpuProbe(_linux.Root);
        _linux.Read(probe, secondsAfter: 10);
        _linux.Write(Group + "/cpuacct.usage", "7000000000\n");

        (var sample, var status) = _linux.Read(probe);

        Assert.Equal(SensorStatus.Ok, status);
        Assert.Equal(1.5, sample[ResourceMetric.CpuCount]);
        Assert.Equal(40, sample[ResourceMetric.CpuPercent]!.Value, 9); // 6 s of 10 s × 1.5
    }

    [Fact]
    public void A_set_of_processors_is_the_only_one_that_counts()
    {
        _linux.Write("/sys/fs/cgroup/cpuset/docker/abc/cpuset.effective_cpus", "1,3\n")
            .Write("/proc/stat", string.Concat(Enumerable.Range(0, 4).Select(core => $"cpu{core} 100 0 0 100\n")));
        using var probe = new LinuxCpuProbe(_linux.Root);

        Assert.Equal(2, _linux.Read(probe).Sample[ResourceMetric.CpuCount]);
    }

    private void Memory(string group, string limit, long usage, string stat) => _linux
        .Write($"{Groups}{group}/memory.limit_in_bytes", limit + "\n")
        .Write($"{Groups}{group}/memory.usage_in_bytes", usage + "\n")
        .Write($"{Groups}{group}/memory.stat", stat);

    private (ResourceSample Sample, SensorStatus Status) ReadMemory()
    {
        using var probe = new LinuxMemoryProbe(_linux.Root);
        return _linux.Read(probe);
    }
}
