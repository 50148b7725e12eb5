using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling.Probes.Portable;
using Xunit;

namespace PerfPortal.Tests.Sampling.Probes;

/// <summary>The probes of Windows and macOS that lean on the runtime alone run on every system.</summary>
public sealed class PortableProbeTests : IDisposable
{
    private readonly FakeLinux _clock = new();

    public void Dispose() => _clock.Dispose();

    [Fact]
    public void Drives_tell_the_size_of_the_data_s_disk()
    {
        using var probe = new DriveProbe(Path.GetTempPath());

        (var sample, var status) = _clock.Read(probe);

        Assert.Equal(SensorStatus.Ok, status);
        var disk = Assert.Single(sample.Disks, one => one.HoldsData);
        Assert.Equal(disk.TotalGb, sample[ResourceMetric.DiskTotalGb]);
        Assert.Equal(disk.UsedPercent, sample[ResourceMetric.DiskPercent]);
        Assert.InRange(disk.UsedPercent, 0, 100);
        Assert.True(disk.TotalGb > 0);
        Assert.Null(sample[ResourceMetric.DiskReadBytesPerSecond]);
    }

    [Fact]
    public void Interfaces_warm_and_then_tell_rates()
    {
        using var probe = new InterfaceProbe();
        (var first, var status) = _clock.Read(probe);
        Assert.SkipWhen(status.State == SensorState.Absent, "This host has no network interface but loopback.");

        var second = _clock.Read(probe).Sample;

        Assert.Equal(SensorState.Warming, status.State);
        Assert.All(first.Networks, one => Assert.Null(one.RxBytesPerSecond));
        Assert.All(second.Networks, one => Assert.True(one.RxBytesPerSecond >= 0));
    }

    [Fact]
    public void The_process_tells_memory_and_threads_at_once_and_its_time_later()
    {
        using var probe = new ProcessProbe();
        (var first, var warming) = _clock.Read(probe);

        (var second, var status) = _clock.Read(probe);

        Assert.Equal(SensorState.Warming, warming.State);
        Assert.Null(first[ResourceMetric.ProcessCpuPercent]);
        Assert.True(first[ResourceMetric.ProcessMemoryMb] > 1);
        Assert.True(first[ResourceMetric.ProcessThreads] >= 1);
        Assert.Equal(SensorStatus.Ok, status);
        Assert.True(second[ResourceMetric.ProcessCpuPercent] >= 0);
    }
}
