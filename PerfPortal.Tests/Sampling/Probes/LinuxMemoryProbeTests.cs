using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling.Probes.Linux;
using Xunit;

namespace PerfPortal.Tests.Sampling.Probes;

public sealed class LinuxMemoryProbeTests : IDisposable
{
    private readonly FakeLinux _linux = new();

    public void Dispose() => _linux.Dispose();

    [Fact]
    public void Used_is_total_less_available()
    {
        (var sample, var status) = Read(
            "MemTotal:        8192 kB\nMemFree:         1024 kB\nMemAvailable:    6144 kB\nBuffers: 1 kB\nCached: 2 kB\nSwapCached: 3 kB\nSwapTotal:       4096 kB\nSwapFree:        1024 kB\n");

        Assert.Equal(SensorStatus.Ok, status);
        Assert.Equal(8, sample[ResourceMetric.MemoryTotalMb]);
        Assert.Equal(2, sample[ResourceMetric.MemoryUsedMb]);
        Assert.Equal(6, sample[ResourceMetric.MemoryAvailableMb]);
        Assert.Equal(25, sample[ResourceMetric.MemoryPercent]);
        Assert.Equal(4, sample[ResourceMetric.SwapTotalMb]);
        Assert.Equal(3, sample[ResourceMetric.SwapUsedMb]);
    }

    [Fact]
    public void An_old_kernel_s_available_is_free_and_file_pages()
    {
        var sample = Read("MemTotal: 8192 kB\nMemFree: 1024 kB\nBuffers: 1024 kB\nCached: 2048 kB\n").Sample;

        Assert.Equal(4, sample[ResourceMetric.MemoryAvailableMb]);
        Assert.Null(sample[ResourceMetric.SwapTotalMb]);
        Assert.Null(sample[ResourceMetric.SwapUsedMb]);
    }

    [Fact]
    public void More_available_than_there_is_counts_as_all() =>
        Assert.Equal(0, Read("MemTotal: 8192 kB\nMemAvailable: 9000 kB\n").Sample[ResourceMetric.MemoryPercent]);

    [Theory]
    [InlineData("")]
    [InlineData("MemTotal: 0 kB\nMemAvailable: 0 kB\n")]
    [InlineData("MemTotal: lots\nMemAvailable: some\n")]
    [InlineData("MemTotal: 8192 kB\n")]
    public void What_cannot_be_understood_is_a_failure_and_no_zero(string text)
    {
        (var sample, var status) = Read(text);

        Assert.Equal(SensorState.Failed, status.State);
        Assert.Null(sample[ResourceMetric.MemoryPercent]);
        Assert.Null(sample[ResourceMetric.MemoryTotalMb]);
    }

    [Fact]
    public void Without_the_file_it_is_absent()
    {
        using var probe = new LinuxMemoryProbe(_linux.Root);

        Assert.Equal(SensorState.Absent, _linux.Read(probe).Status.State);
    }

    [Fact]
    public void What_the_cache_of_ZFS_gives_back_is_not_used_memory()
    {
        _linux.Write("/proc/spl/kstat/zfs/arcstats", $"9 1 0x01 147 39984 6071 892\nname                            type data\nc_min                           4    {512L << 20}\nsize                            4    {10L << 30}\n");

        var sample = Read("MemTotal: 33554432 kB\nMemAvailable: 16777216 kB\n").Sample;

        Assert.Equal(16384 - 9728, sample[ResourceMetric.MemoryUsedMb]);
        Assert.Equal(16384 + 9728, sample[ResourceMetric.MemoryAvailableMb]);
    }

    [Theory]
    [InlineData("size 4 100\nc_min 4 1000000000\n")] // nothing above the minimum
    [InlineData("size 4\nc_min four\n")]
    [InlineData("")]
    public void A_cache_of_ZFS_without_reclaimable_memory_changes_nothing(string statistics)
    {
        _linux.Write("/proc/spl/kstat/zfs/arcstats", statistics);

        Assert.Equal(2, Read("MemTotal: 8192 kB\nMemAvailable: 6144 kB\n").Sample[ResourceMetric.MemoryUsedMb]);
    }

    [Fact]
    public void In_a_system_container_the_cache_of_ZFS_is_its_host_s()
    {
        _linux.Write("/proc/spl/kstat/zfs/arcstats", "size 4 9000000000\nc_min 4 0\n")
            .Write("/proc/self/mountinfo", "99 30 0:50 /proc/meminfo /proc/meminfo rw - fuse.lxcfs lxcfs rw\n");

        Assert.Equal(2, Read("MemTotal: 8192 kB\nMemAvailable: 6144 kB\n").Sample[ResourceMetric.MemoryUsedMb]);
    }

    private (ResourceSample Sample, SensorStatus Status) Read(string text)
    {
        _linux.Write("/proc/meminfo", text);
        using var probe = new LinuxMemoryProbe(_linux.Root);
        return _linux.Read(probe);
    }
}
