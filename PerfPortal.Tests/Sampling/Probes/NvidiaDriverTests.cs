using System.Diagnostics;
using PerfPortal.Domain.Resources;
using PerfPortal.Domain.Sampling.Probes.Gpu;
using Xunit;

namespace PerfPortal.Tests.Sampling.Probes;

/// <summary>The driver against a library compiled here with the functions and structures of nvml.h; skipped where there is no C compiler.</summary>
public sealed class NvidiaDriverTests : IDisposable
{
    private const string Source = """
        typedef struct { unsigned gpu, memory; } rates;
        typedef struct { unsigned long long total, free, used; } memory;
        static int lost, started;
        int nvmlInit_v2(void) { started++; return INIT; }
        int nvmlShutdown(void) { started--; return 0; }
        int nvmlDeviceGetCount_v2(unsigned *count) { *count = COUNT; return started == 1 ? 0 : 1; }
        int nvmlDeviceGetHandleByIndex_v2(unsigned index, void **device) { *device = (void *)(long)(index + 1); return index == 2 ? 4 : 0; }
        int nvmlDeviceGetName(void *device, char *name, unsigned length) {
            const char *text = device == (void *)1 ? "First" : "Second";
            for (unsigned i = 0; i < length; i++) { name[i] = text[i]; if (!text[i]) return 0; }
            return 7; }
        int nvmlDeviceGetUtilizationRates(void *device, rates *out) { out->gpu = 42; out->memory = 7; return LOSE && ++lost > 2 ? 15 : device == (void *)1 ? 0 : 3; }
        int nvmlDeviceGetMemoryInfo(void *device, memory *out) { out->total = 4294967296; out->free = 3221225472; out->used = 1073741824; return LOSE && lost > 2 ? 15 : 0; }
        int nvmlDeviceGetTemperature(void *device, int sensor, unsigned *out) { *out = 55; return sensor == 0 ? 0 : 2; }
        int nvmlDeviceGetPowerUsage(void *device, unsigned *out) { *out = 71500; return device == (void *)1 ? 0 : 3; }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("perfportal-nvml-").FullName;
    private readonly List<GpuValues> _gpus = [];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Values_are_read_and_what_is_not_supported_stays_unknown()
    {
        using var driver = new NvidiaDriver(await CompileAsync());

        Assert.Equal(SensorStatus.Ok, driver.Read(_gpus, TimeSpan.Zero));

        Assert.Equal(
            [
                new("First", 42, 1L << 30, 1L << 32, 55, 71.5),
                new("Second", double.NaN, 1L << 30, 1L << 32, 55, double.NaN),
            ],
            _gpus);
    }

    [Fact]
    public async Task A_driver_that_is_not_loaded_is_absent() =>
        Assert.Equal(new(SensorState.Absent, "The NVIDIA driver is not loaded."), new NvidiaDriver(await CompileAsync(init: 9)).Read(_gpus, TimeSpan.Zero));

    [Fact]
    public async Task A_library_that_does_not_start_is_a_failure() =>
        Assert.Equal(new(SensorState.Failed, "NVML initialization failed (NVML error 999)."), new NvidiaDriver(await CompileAsync(init: 999)).Read(_gpus, TimeSpan.Zero));

    [Fact]
    public async Task A_driver_without_a_gpu_is_absent() =>
        Assert.Equal(SensorState.Absent, new NvidiaDriver(await CompileAsync(count: 0)).Read(_gpus, TimeSpan.Zero).State);

    [Fact]
    public async Task A_gpu_that_is_lost_fails_until_it_is_looked_for_again()
    {
        using var driver = new NvidiaDriver(await CompileAsync(lose: 1));
        Assert.Equal(SensorState.Ok, driver.Read(_gpus, TimeSpan.Zero).State);
        _gpus.Clear();

        var status = driver.Read(_gpus, TimeSpan.FromMinutes(1));

        Assert.Equal(new(SensorState.Failed, "First could not be read (NVML error 15)."), status);
        Assert.Empty(_gpus);
        Assert.Equal(status, driver.Read(_gpus, TimeSpan.FromMinutes(5)));
    }

    [Fact]
    public async Task A_driver_that_is_installed_later_is_found_within_five_minutes()
    {
        string library = Path.Combine(_directory, "late.so");
        using var driver = new NvidiaDriver(library);
        Assert.Equal(SensorState.Absent, driver.Read(_gpus, TimeSpan.Zero).State);
        File.Copy(await CompileAsync(), library);

        Assert.Equal(SensorState.Absent, driver.Read(_gpus, TimeSpan.FromMinutes(4)).State);
        Assert.Equal(SensorState.Ok, driver.Read(_gpus, TimeSpan.FromMinutes(5)).State);
    }

    [Fact]
    public async Task Steady_readings_allocate_nothing()
    {
        using var driver = new NvidiaDriver(await CompileAsync());
        _gpus.Capacity = 16;
        driver.Read(_gpus, TimeSpan.Zero);
        _gpus.Clear();

        long before = GC.GetAllocatedBytesForCurrentThread();
        driver.Read(_gpus, TimeSpan.Zero);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private async Task<string> CompileAsync(int init = 0, int count = 3, int lose = 0)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The stand-in for NVML is built for Linux.");
        var cancellation = TestContext.Current.CancellationToken;
        string source = Path.Combine(_directory, "nvml.c");
        string library = Path.Combine(_directory, "nvml.so");
        await File.WriteAllTextAsync(source, Source, cancellation);
        try
        {
            using var compiler = Process.Start("cc", ["-shared", "-fPIC", $"-DINIT={init}", $"-DCOUNT={count}", $"-DLOSE={lose}", "-o", library, source]);
            await compiler.WaitForExitAsync(cancellation);
            Assert.Equal(0, compiler.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("There is no C compiler to build a stand-in for NVML with.");
        }

        return library;
    }
}
