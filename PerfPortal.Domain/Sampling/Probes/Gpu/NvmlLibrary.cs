using System.Runtime.InteropServices;
using System.Text;

namespace PerfPortal.Domain.Sampling.Probes.Gpu;

/// <summary>The functions of the NVIDIA Management Library that are used, under the names and with the structures of <c>nvml.h</c>. The library is looked for at run time.</summary>
internal sealed unsafe class NvmlLibrary : IDisposable
{
    /// <summary><c>NVML_SUCCESS</c>.</summary>
    public const int Success = 0;

    /// <summary><c>NVML_ERROR_DRIVER_NOT_LOADED</c>.</summary>
    public const int DriverNotLoaded = 9;

    private const int NameBytes = 96;

    private readonly nint _library;
    private readonly delegate* unmanaged[Cdecl]<int> _shutdown;
    private readonly delegate* unmanaged[Cdecl]<uint*, int> _count;
    private readonly delegate* unmanaged[Cdecl]<uint, nint*, int> _handle;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, uint, int> _name;
    private readonly delegate* unmanaged[Cdecl]<nint, uint*, int> _utilization;
    private readonly delegate* unmanaged[Cdecl]<nint, ulong*, int> _memory;
    private readonly delegate* unmanaged[Cdecl]<nint, int, uint*, int> _temperature;
    private readonly delegate* unmanaged[Cdecl]<nint, uint*, int> _power;

    private NvmlLibrary(nint library)
    {
        _library = library;
        _shutdown = (delegate* unmanaged[Cdecl]<int>)Find("nvmlShutdown");
        _count = (delegate* unmanaged[Cdecl]<uint*, int>)Find("nvmlDeviceGetCount_v2");
        _handle = (delegate* unmanaged[Cdecl]<uint, nint*, int>)Find("nvmlDeviceGetHandleByIndex_v2");
        _name = (delegate* unmanaged[Cdecl]<nint, byte*, uint, int>)Find("nvmlDeviceGetName");
        _utilization = (delegate* unmanaged[Cdecl]<nint, uint*, int>)Find("nvmlDeviceGetUtilizationRates");
        _memory = (delegate* unmanaged[Cdecl]<nint, ulong*, int>)Find("nvmlDeviceGetMemoryInfo");
        _temperature = (delegate* unmanaged[Cdecl]<nint, int, uint*, int>)Find("nvmlDeviceGetTemperature");
        _power = (delegate* unmanaged[Cdecl]<nint, uint*, int>)Find("nvmlDeviceGetPowerUsage");
    }

    /// <summary>Loads the library and starts it.</summary>
    /// <param name="name">The library's file name.</param>
    /// <param name="error">NVML's error code; <see langword="null"/> when there is no such library.</param>
    /// <returns>The library, or <see langword="null"/>.</returns>
    public static NvmlLibrary? TryStart(string name, out int? error)
    {
        error = null;
        if (!NativeLibrary.TryLoad(name, out nint library))
        {
            return null;
        }

        if (!NativeLibrary.TryGetExport(library, "nvmlInit_v2", out nint start))
        {
            NativeLibrary.Free(library);
            return null;
        }

        error = ((delegate* unmanaged[Cdecl]<int>)start)();
        if (error == Success)
        {
            return new(library);
        }

        NativeLibrary.Free(library);
        return null;
    }

    /// <summary>How many GPUs there are, or NVML's error.</summary>
    public int Count(out uint count)
    {
        uint answer = 0;
        int error = _count is null ? -1 : _count(&answer);
        count = answer;
        return error;
    }

    /// <summary>The GPU with this number, or NVML's error.</summary>
    public int Device(uint index, out nint device)
    {
        nint answer = 0;
        int error = _handle is null ? -1 : _handle(index, &answer);
        device = answer;
        return error;
    }

    /// <summary>The product name, or <see langword="null"/>.</summary>
    public string? Name(nint device)
    {
        byte* name = stackalloc byte[NameBytes];
        return _name is not null && _name(device, name, NameBytes) == Success ? Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name)) : null;
    }

    /// <summary>Share of the last sampling period (up to a second) in which a kernel ran, 0–100, or NVML's error.</summary>
    public int Utilization(nint device, out double percent)
    {
        uint* rates = stackalloc uint[2];
        int error = _utilization is null ? -1 : _utilization(device, rates);
        percent = error == Success ? rates[0] : double.NaN;
        return error;
    }

    /// <summary>Memory in all and in use, bytes (<c>nvmlMemory_t</c>: total, free, used), or NVML's error.</summary>
    public int Memory(nint device, out double total, out double used)
    {
        ulong* memory = stackalloc ulong[3];
        int error = _memory is null ? -1 : _memory(device, memory);
        (total, used) = error == Success ? (memory[0], memory[2]) : (double.NaN, double.NaN);
        return error;
    }

    /// <summary>Temperature of the chip, °C, or NaN.</summary>
    public double Temperature(nint device)
    {
        const int Chip = 0;
        uint degrees;
        return _temperature is not null && _temperature(device, Chip, &degrees) == Success ? degrees : double.NaN;
    }

    /// <summary>Power drawn, W, or NaN; NVML tells mW.</summary>
    public double Power(nint device)
    {
        uint milliwatts;
        return _power is not null && _power(device, &milliwatts) == Success ? milliwatts / 1000.0 : double.NaN;
    }

    public void Dispose()
    {
        if (_shutdown is not null)
        {
            _ = _shutdown();
        }

        NativeLibrary.Free(_library);
    }

    private nint Find(string name) => NativeLibrary.TryGetExport(_library, name, out nint address) ? address : 0;
}
