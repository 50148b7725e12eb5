using System.Globalization;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Gpu;

/// <summary>Reads NVIDIA GPUs with NVML. Retries every five minutes without a library, driver or GPU. Unsupported values stay unknown.</summary>
internal sealed class NvidiaDriver : IGpuDriver
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(5);

    private readonly string _libraryName;
    private readonly List<(nint Handle, string Name)> _devices = [];
    private NvmlLibrary? _library;
    private SensorStatus _status;
    private TimeSpan? _retryAt;

    /// <summary>Creates a driver with the default library of the operating system.</summary>
    public NvidiaDriver()
        : this(OperatingSystem.IsWindows() ? "nvml.dll" : "libnvidia-ml.so.1")
    {
    }

    /// <summary>Creates a driver with the library of this name.</summary>
    internal NvidiaDriver(string libraryName) => _libraryName = libraryName;

    public SensorStatus Read(List<GpuValues> gpus, TimeSpan now)
    {
        if (_library is null)
        {
            if (now < _retryAt)
            {
                return _status;
            }

            _retryAt = now + RetryInterval;
            _status = Start();
        }

        if (_library is not null && !ReadAll(_library, gpus))
        {
            Dispose();
            _retryAt = now + RetryInterval;
        }

        return _status;
    }

    public void Dispose()
    {
        _devices.Clear();
        _library?.Dispose();
        _library = null;
    }

    private SensorStatus Start()
    {
        _library = NvmlLibrary.TryStart(_libraryName, out int? error);
        if (_library is null)
        {
            return error switch
            {
                null => new(SensorState.Absent, $"No NVIDIA driver library ({Path.GetFileName(_libraryName)}) was found."),
                NvmlLibrary.DriverNotLoaded => new(SensorState.Absent, "The NVIDIA driver is not loaded."),
                _ => Failed("NVML initialization failed", error.Value),
            };
        }

        int counted = _library.Count(out uint count);
        for (uint index = 0; counted == NvmlLibrary.Success && index < count; index++)
        {
            // Skips GPUs that this user is not allowed to open.
            if (_library.Device(index, out nint device) == NvmlLibrary.Success)
            {
                _devices.Add((device, _library.Name(device) ?? "NVIDIA GPU"));
            }
        }

        if (_devices.Count > 0)
        {
            return SensorStatus.Ok;
        }

        Dispose();
        return counted == NvmlLibrary.Success
            ? new(SensorState.Absent, "The NVIDIA driver reports no GPU.")
            : Failed("NVML could not count the GPUs", counted);
    }

    /// <summary>Treats a GPU without readable utilization and memory as lost (it fell off the bus, or the driver was replaced) and restarts NVML.</summary>
    private bool ReadAll(NvmlLibrary library, List<GpuValues> gpus)
    {
        int before = gpus.Count;
        foreach ((nint handle, string name) in _devices)
        {
            int utilizationError = library.Utilization(handle, out double utilization);
            int memoryError = library.Memory(handle, out double total, out double used);
            if (utilizationError != NvmlLibrary.Success && memoryError != NvmlLibrary.Success)
            {
                gpus.RemoveRange(before, gpus.Count - before);
                _status = Failed($"{name} could not be read", memoryError);
                return false;
            }

            gpus.Add(new(name, utilization, used, total, library.Temperature(handle), library.Power(handle)));
        }

        return true;
    }

    private static SensorStatus Failed(string what, int error) =>
        new(SensorState.Failed, string.Create(CultureInfo.InvariantCulture, $"{what} (NVML error {error})."));
}
