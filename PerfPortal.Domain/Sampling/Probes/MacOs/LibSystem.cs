using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace PerfPortal.Domain.Sampling.Probes.MacOs;

/// <summary>Bindings to the macOS system library, as declared in <c>mach_host.h</c>, <c>sysctl.h</c> and <c>stdlib.h</c>. Not tested on macOS.</summary>
[SupportedOSPlatform("macos")]
internal static unsafe partial class LibSystem
{
    /// <summary><c>PROCESSOR_CPU_LOAD_INFO</c>.</summary>
    public const int ProcessorLoad = 2;

    /// <summary><c>CPU_STATE_MAX</c>: user, system, idle, nice.</summary>
    public const int ProcessorStates = 4;

    /// <summary><c>HOST_VM_INFO64</c>.</summary>
    public const int HostMemory = 4;

    /// <summary>The host port; requested once, because each call adds a reference.</summary>
    public static uint Host { get; } = HostSelf();

    /// <summary>The calling task, for releasing memory; <c>mach_task_self()</c> is a macro for this variable.</summary>
    public static uint Task { get; } = *(uint*)NativeLibrary.GetExport(NativeLibrary.Load("libSystem.dylib"), "mach_task_self_");

    [LibraryImport("libSystem.dylib", EntryPoint = "mach_host_self")]
    private static partial uint HostSelf();

    [LibraryImport("libSystem.dylib", EntryPoint = "host_processor_info")]
    public static partial int HostProcessorInfo(uint host, int flavor, out uint processors, out uint* info, out uint infoCount);

    [LibraryImport("libSystem.dylib", EntryPoint = "vm_deallocate")]
    public static partial int Deallocate(uint task, nuint address, nuint size);

    [LibraryImport("libSystem.dylib", EntryPoint = "host_statistics64")]
    public static partial int HostStatistics(uint host, int flavor, uint* info, ref uint infoCount);

    [LibraryImport("libSystem.dylib", EntryPoint = "sysctlbyname", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SysctlByName(string name, void* value, ref nuint length, void* newValue, nuint newLength);

    [LibraryImport("libSystem.dylib", EntryPoint = "getloadavg")]
    public static partial int LoadAverages(double* loads, int count);
}
