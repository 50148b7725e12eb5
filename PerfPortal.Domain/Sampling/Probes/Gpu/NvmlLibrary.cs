using System.Runtime.InteropServices;
using System.Text;

namespace PerfPortal.Domain.Sampling.Probes.Gpu;

/// <summary>Bindings to the NVIDIA Management Library with the names and structures of <c>nvml.h</c>. The library is loaded at run time.</summary>
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

    /// <summary>Loads and initializes the library.</summary>
    /// <param name="name">The library's file name.</param>
    /// <param name="error">The NVML error code; <see langword="null"/> when the library was not found.</param>
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

    /// <summary>Returns the number of GPUs, or an NVML error.</summary>
    public int Count(out uint count)
    {
        uint answer = 0;
        int error = _count is null ? -1 : _count(&answer);
        count = answer;
        return error;
    }

    /// <summary>Returns the GPU with this index, or an NVML error.</summary>
    public int Device(uint index, out nint device)
    {
        nint answer = 0;
        int error = _handle is null ? -1 : _handle(index, &answer);
        device = answer;
        return error;
    }

    /// <summary>Returns the product name, or <see langword="null"/>.</summary>
    public string? Name(nint device)
    {
        byte* name = stackalloc byte[NameBytes];
        return _name is not null && _name(device, name, NameBytes) == Success ? Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name)) : null;
    }

    /// <summary>Returns the share of the last sampling period (up to a second) in which a kernel ran, 0–100, or an NVML error.</summary>
    public int Utilization(nint device, out double percent)
    {
        uint* rates = stackalloc uint[2];
        int error = _utilization is null ? -1 : _utilization(device, rates);
        percent = error == Success ? rates[0] : double.NaN;
        return error;
    }

    /// <summary>Returns the total and used memory in bytes (<c>nvmlMemory_t</c>: total, free, used), or an NVML error.</summary>
    public int Memory(nint device, out double total, out double used)
    {
        ulong* memory = stackalloc ulong[3];
        int error = _memory is null ? -1 : _memory(device, memory);
        (total, used) = error == Success ? (memory[0], memory[2]) : (double.NaN, double.NaN);
        return error;
    }

    /// <summary>Returns the chip temperature in °C, or NaN.</summary>
    public double Temperature(nint device)
    {
        const int Chip = 0;
        uint degrees;
        return _temperature is not null && _temperature(device, Chip, &degrees) == Success ? degrees : double.NaN;
    }

    /// <summary>Returns the power draw in W, or NaN; NVML reports mW.</summary>
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
