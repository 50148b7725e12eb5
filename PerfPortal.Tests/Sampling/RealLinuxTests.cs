using System.Diagnostics;
using System.Globalization;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling;
using Xunit;

namespace PerfPortal.Tests.Sampling;

/// <summary>What the probes say of this machine against what its own tools say.</summary>
public sealed class RealLinuxTests : IDisposable
{
    private const double PercentagePoint = 1;

    private readonly string _directory = Path.GetTempPath();
    private readonly HostProbes _probes;
    private readonly long _origin = TimeProvider.System.GetTimestamp();

    public RealLinuxTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "These comparisons are with Linux tools.");
        _probes = HostProbes.Create(new() { DataDirectory = _directory });
    }

    public void Dispose() => _probes?.Dispose();

    [Fact]
    public async Task Memory_agrees_with_free()
    {
        var sample = Read();
        string[] memory = (await RunAsync("free", "-b")).Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double total = Number(memory[1]);
        double available = Number(memory[6]);
        Assert.SkipWhen(
            Math.Abs((sample[ResourceMetric.MemoryTotalMb]!.Value * (1 << 20)) - total) > 1, "A control group limits this process; free speaks of the host.");

        Assert.Equal(100 * (total - available) / total, sample[ResourceMetric.MemoryPercent]!.Value, PercentagePoint);
        Assert.Equal(available / (1 << 20), sample[ResourceMetric.MemoryAvailableMb]!.Value, total / (1 << 20) / 100);
    }

    [Fact]
    public async Task The_data_s_disk_agrees_with_df()
    {
        var sample = Read();
        string[] disk = (await RunAsync("df", "--block-size=1", "--output=size,used,avail,pcent,target", _directory))
            .Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var reading = Assert.Single(sample.Disks, one => one.HoldsData);
        Assert.Equal(disk[4], reading.Name);
        Assert.Equal(Number(disk[0]) / (1 << 30), sample[ResourceMetric.DiskTotalGb]!.Value, 1e-6);
        Assert.Equal(Number(disk[2]) / (1 << 30), sample[ResourceMetric.DiskFreeGb]!.Value, reading.TotalGb / 100);
        Assert.Equal(100 * Number(disk[1]) / (Number(disk[1]) + Number(disk[2])), sample[ResourceMetric.DiskPercent]!.Value, PercentagePoint);

        // df rounds its own percentage up.
        Assert.InRange(Number(disk[3].TrimEnd('%')) - reading.UsedPercent, -PercentagePoint, 1 + PercentagePoint);
    }

    [Fact]
    public async Task Processors_agree_with_a_differencing_of_their_own_under_load()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var load = Task.Run(() => Burn(stop.Token), TestContext.Current.CancellationToken);
        Read();
        var before = Ticks();
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        var sample = Read();
        var after = Ticks();
        await stop.CancelAsync();
        await load;
        Assert.SkipWhen(sample[ResourceMetric.CpuCount] < Environment.ProcessorCount, "A control group limits this process; /proc/stat speaks of the host.");

        double expected = 100 * (after.Busy - before.Busy) / (after.Total - before.Total);
        double ticks = after.Total - before.Total;

        // The four readings are not of one moment: as many ticks may lie between two of them.
        Assert.Equal(expected, sample[ResourceMetric.CpuPercent]!.Value, PercentagePoint + (400 / ticks));
        Assert.InRange(sample[ResourceMetric.CpuPercent]!.Value, 50.0 / Environment.ProcessorCount, 100);
        Assert.Equal(Environment.ProcessorCount, sample.CpuCores.Count);
    }

    [Fact]
    public void The_process_agrees_with_what_the_runtime_says_of_it()
    {
        var sample = Read();
        using var self = Process.GetCurrentProcess();

        Assert.Equal(self.WorkingSet64 / 1048576.0, sample[ResourceMetric.ProcessMemoryMb]!.Value, 0.2 * self.WorkingSet64 / 1048576.0);
        Assert.InRange(sample[ResourceMetric.ProcessThreads]!.Value, 1, 10_000);
    }

    [Fact]
    public void Every_scalar_lies_in_the_range_that_is_believed()
    {
        Read();
        var sample = Read();

        Assert.All(ResourceMetrics.All, info => Assert.InRange(sample[info.Metric] ?? 0, 0, info.Max));
    }

    [Fact]
    public void Reading_the_scalars_again_allocates_nothing()
    {
        var sample = new ResourceSample("host", DateTimeOffset.UnixEpoch);
        for (int i = 0; i < 3; i++)
        {
            _probes.Measure(sample, Now());
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++)
        {
            _probes.Measure(sample, Now());
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Burn(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            Thread.SpinWait(1000);
        }
    }

    /// <summary>The first line of /proc/stat, summed separately: everything but idle and iowait is busy, and the guests' time stands in user time already.</summary>
    private static (double Busy, double Total) Ticks()
    {
        double[] columns = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(Number)];
        return (columns.Sum() - columns[3] - columns[4], columns.Sum());
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static async Task<string> RunAsync(string tool, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, Environment = { ["LC_ALL"] = "C" } })!;
            string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipUnless(process.ExitCode == 0, $"{tool} does not understand what it is asked on this machine.");
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{tool} is not on this machine.");
            return "";
        }
    }

    private TimeSpan Now() => TimeProvider.System.GetElapsedTime(_origin);

    private ResourceSample Read()
    {
        var sample = new ResourceSample("host", DateTimeOffset.UnixEpoch);
        _probes.Measure(sample, Now());
        _probes.Detail(sample);
        return sample;
    }
}
