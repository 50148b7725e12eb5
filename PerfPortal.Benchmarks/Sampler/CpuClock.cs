using System.Runtime.InteropServices;

namespace PerfPortal.Benchmarks.Sampler;

/// <summary>CPU time as getrusage(2) tells it, to the microsecond. Linux only.</summary>
internal static class CpuClock
{
    private const int OfChildren = -1;
    private const int OfThread = 1;

    /// <summary>Time that the calling thread has used, in microseconds.</summary>
    public static double ThreadMicroseconds => Read(OfThread);

    /// <summary>Time that child processes had used which ended and were waited for, in microseconds.</summary>
    public static double ChildrenMicroseconds => Read(OfChildren);

    private static double Read(int who) => GetUsage(who, out var usage) == 0
        ? ((usage.UserSeconds + usage.SystemSeconds) * 1e6) + usage.UserMicroseconds + usage.SystemMicroseconds
        : throw new InvalidOperationException("getrusage failed.");

    [DllImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetUsage(int who, out Usage usage);

    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}
