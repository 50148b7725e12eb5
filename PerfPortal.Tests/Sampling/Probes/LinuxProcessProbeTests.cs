using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling.Probes.Linux;
using Xunit;

namespace PerfPortal.Tests.Sampling.Probes;

public sealed class LinuxProcessProbeTests : IDisposable
{
    private readonly FakeLinux _linux = new();

    public void Dispose() => _linux.Dispose();

    [Theory]
    [InlineData("cat")]
    [InlineData("a b) (c")]
    public void Time_memory_and_threads_are_read_whatever_the_name(string name)
    {
        using var probe = new LinuxProcessProbe(_linux.Root);
        Stat(name, user: 100, system: 50);
        (var first, var warming) = _linux.Read(probe, secondsAfter: 2);
        Stat(name, user: 300, system: 150);

        (var second, var status) = _linux.Read(probe);

        Assert.Equal(SensorState.Warming, warming.State);
        Assert.Equal(17, first[ResourceMetric.ProcessThreads]);
        Assert.Equal(256.0 * Environment.SystemPageSize / (1 << 20), first[ResourceMetric.ProcessMemoryMb]);
        Assert.Equal(SensorStatus.Ok, status);
        Assert.Equal(150, second[ResourceMetric.ProcessCpuPercent]!.Value, 9);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 (x) R 1 2 3")]
    [InlineData("no parenthesis 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25")]
    public void What_cannot_be_understood_is_a_failure(string text)
    {
        _linux.Write("/proc/self/stat", text);
        using var probe = new LinuxProcessProbe(_linux.Root);

        (var sample, var status) = _linux.Read(probe);

        Assert.Equal(SensorState.Failed, status.State);
        Assert.Null(sample[ResourceMetric.ProcessMemoryMb]);
    }

    private void Stat(string name, int user, int system) => _linux.Write(
        "/proc/self/stat", $"7039 ({name}) R 7034 7034 4681 0 -1 4194304 101 0 0 0 {user} {system} 0 0 20 0 17 0 160440 3133440 256 18446744073709551615 1 2\n");
}
