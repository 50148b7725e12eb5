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

    private (ResourceSample Sample, SensorStatus Status) Read(string text)
    {
        _linux.Write("/proc/meminfo", text);
        using var probe = new LinuxMemoryProbe(_linux.Root);
        return _linux.Read(probe);
    }
}
