using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling.Probes;
using PerfPortal.Domain.Sampling.Probes.Gpu;
using Xunit;

namespace PerfPortal.Tests.Sampling.Probes;

public sealed class GpuProbeTests : IDisposable
{
    private const string NoLibrary = "libperfportal-no-such-library.so.1";
    private const double Mi = 1 << 20;

    private readonly FakeLinux _linux = new();

    public void Dispose() => _linux.Dispose();

    [Fact]
    public void Without_a_gpu_the_sensor_says_so_and_yields_no_zero()
    {
        using var probe = new GpuProbe([new NvidiaDriver(NoLibrary), new AmdDriver(_linux.Root)]);

        (var sample, var status) = _linux.Read(probe);

        Assert.Equal(new(SensorState.Absent, $"No NVIDIA driver library ({NoLibrary}) was found. No AMD GPU was found."), status);
        Assert.Empty(sample.Gpus);
        Assert.All(ResourceMetrics.All.Where(info => info.Sensor == Sensors.Gpu), info => Assert.Null(sample[info.Metric]));
    }

    [Fact]
    public void Switched_off_it_says_so()
    {
        var probe = ProbeSelection.ForLinux(_linux.Root, new() { EnableGpu = false }).Single(one => one.Sensor == Sensors.Gpu);

        var status = _linux.Read(probe).Status;

        Assert.Equal(SensorState.Disabled, status.State);
        Assert.NotNull(status.Reason);
    }

    [Fact]
    public void Scalars_are_mean_sum_and_hottest_over_those_that_tell()
    {
        var driver = new StubDriver(
            new("A", 90, 1000 * Mi, 4000 * Mi, 70, 200),
            new("B", 30, 2000 * Mi, 8000 * Mi, 80, double.NaN),
            new("C", double.NaN, double.NaN, double.NaN, double.NaN, 50));
        using var probe = new GpuProbe([driver]);

        (var sample, var status) = _linux.Read(probe);

        Assert.Equal(SensorStatus.Ok, status);
        Assert.Equal(60, sample[ResourceMetric.GpuUtilizationPercent]);
        Assert.Equal(3000, sample[ResourceMetric.GpuMemoryUsedMb]);
        Assert.Equal(12000, sample[ResourceMetric.GpuMemoryTotalMb]);
        Assert.Equal(25, sample[ResourceMetric.GpuMemoryPercent]);
        Assert.Equal(80, sample[ResourceMetric.GpuTemperatureCelsius]);
        Assert.Equal(250, sample[ResourceMetric.GpuPowerWatts]);
        Assert.Equal(new GpuReading(1, "B", 30, 2000, 8000, 80, null), sample.Gpus[1]);
        Assert.Equal(new GpuReading(2, "C", null, null, null, null, 50), sample.Gpus[2]);
    }

    [Fact]
    public void One_vendor_s_absence_does_not_hide_the_other_and_a_failure_is_told()
    {
        var present = new StubDriver(new GpuValues("A", 10, Mi, Mi, 40, 5));
        var absent = new StubDriver { State = new(SensorState.Absent, "None.") };
        using var probe = new GpuProbe([absent, present]);
        Assert.Equal(SensorStatus.Ok, _linux.Read(probe).Status);

        absent.State = new(SensorState.Failed, "Lost.");
        (var sample, var status) = _linux.Read(probe);
        Assert.Equal(new(SensorState.Failed, "Lost."), status);
        Assert.Equal(10, sample[ResourceMetric.GpuUtilizationPercent]);

        absent.State = new(SensorState.Absent, "None.");
        present.State = absent.State;
        present.Gpus = [];
        Assert.Equal(new(SensorState.Absent, "None. None."), _linux.Read(probe).Status);
    }

    [Fact]
    public void Amd_cards_are_read_from_sysfs()
    {
        Card("card0", vendor: "0x8086");
        Card("card1", vendor: "0x1002", busy: "37");
        _linux.Write("/sys/class/drm/card1/device/mem_info_vram_used", "1073741824\n").Write("/sys/class/drm/card1/device/mem_info_vram_total", "4294967296\n")
            .Write("/sys/class/drm/card1/device/hwmon/hwmon3/temp1_input", "64500\n").Write("/sys/class/drm/card1/device/hwmon/hwmon3/power1_average", "123000000\n")
            .MakeDirectory("/sys/class/drm/card1-DP-1/device").MakeDirectory("/sys/class/drm/renderD128");
        Card("card2", vendor: "0x1002", busy: "5");
        _linux.Write("/sys/class/drm/card2/device/product_name", "Radeon Test\n").Write("/sys/class/drm/card2/device/hwmon/hwmon4/power1_input", "7000000\n")
            .Write("/sys/class/drm/card2/device/hwmon/hwmon4/temp1_input", "rubbish\n");
        using var probe = new GpuProbe([new AmdDriver(_linux.Root)]);

        (var sample, var status) = _linux.Read(probe);

        Assert.Equal(SensorStatus.Ok, status);
        Assert.Equal(
            [new GpuReading(0, "AMD GPU (card1)", 37, 1024, 4096, 64.5, 123), new GpuReading(1, "Radeon Test", 5, null, null, null, 7)],
            sample.Gpus);
        Assert.Equal(25, sample[ResourceMetric.GpuMemoryPercent]);
    }

    [Fact]
    public void An_amd_card_that_tells_nothing_is_a_failure()
    {
        Card("card0", vendor: "0x1002");
        using var probe = new GpuProbe([new AmdDriver(_linux.Root)]);

        (var sample, var status) = _linux.Read(probe);

        Assert.Equal(SensorState.Failed, status.State);
        Assert.Empty(sample.Gpus);
        Assert.Null(sample[ResourceMetric.GpuUtilizationPercent]);
    }

    [Fact]
    public void A_card_put_in_later_is_found_within_five_minutes()
    {
        using var probe = new GpuProbe([new AmdDriver(_linux.Root)]);
        Assert.Equal(SensorState.Absent, _linux.Read(probe, secondsAfter: 299).Status.State);
        Card("card0", vendor: "0x1002", busy: "1");
        Assert.Equal(SensorState.Absent, _linux.Read(probe, secondsAfter: 1).Status.State);

        Assert.Equal(SensorState.Ok, _linux.Read(probe).Status.State);
    }

    private void Card(string name, string vendor, string? busy = null)
    {
        _linux.Write($"/sys/class/drm/{name}/device/vendor", vendor + "\n");
        if (busy is not null)
        {
            _linux.Write($"/sys/class/drm/{name}/device/gpu_busy_percent", busy + "\n");
        }
    }

    private sealed class StubDriver(params GpuValues[] gpus) : IGpuDriver
    {
        public GpuValues[] Gpus { get; set; } = gpus;

        public SensorStatus State { get; set; } = SensorStatus.Ok;

        public SensorStatus Read(List<GpuValues> gpus, TimeSpan now)
        {
            gpus.AddRange(Gpus);
            return State;
        }

        public void Dispose()
        {
        }
    }
}
