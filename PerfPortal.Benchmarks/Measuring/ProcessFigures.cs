using System.Globalization;

namespace PerfPortal.Benchmarks.Measuring;

/// <summary>The kernel's figures for a process (proc(5)). Linux only.</summary>
/// <param name="CpuSeconds">User and system time of all its threads, those that ended too; the resolution is a clock tick, 10 ms as a rule.</param>
/// <param name="Threads">Threads.</param>
/// <param name="ResidentBytes">Memory that lies in RAM, shared pages included.</param>
/// <param name="PrivateBytes">Resident memory that no file lies behind: heap, stacks, code made at run time.</param>
internal readonly record struct ProcessFigures(double CpuSeconds, int Threads, long ResidentBytes, long PrivateBytes)
{
    // USER_HZ: a constant of the kernel's interface on every architecture that .NET runs on.
    private const double TicksPerSecond = 100;

    /// <summary>Reads them now.</summary>
    /// <exception cref="IOException">The process has ended, or there is no /proc.</exception>
    public static ProcessFigures Read(int processId)
    {
        var (cpu, threads) = ParseStat(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat")));
        string status = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status"));
        return new(cpu, threads, ParseStatus(status, "VmRSS"), ParseStatus(status, "RssAnon"));
    }

    /// <summary>How many handles it has open: files, sockets, pipes, event descriptors.</summary>
    public static int Handles(int processId) =>
        Directory.EnumerateFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/fd")).Count();

    /// <summary>CPU seconds and threads out of <c>/proc/PID/stat</c>; the command in parentheses may hold spaces and parentheses itself.</summary>
    /// <exception cref="FormatException">It is no such line.</exception>
    internal static (double CpuSeconds, int Threads) ParseStat(string stat)
    {
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);

        // Counted from the state, which is field 3: utime 14, stime 15, num_threads 20.
        return fields.Length < 18
            ? throw new FormatException("This is no line of /proc/PID/stat.")
            : ((Whole(fields[11]) + Whole(fields[12])) / TicksPerSecond, (int)Whole(fields[17]));
    }

    /// <summary>A size out of <c>/proc/PID/status</c>, in bytes; 0 where the kernel does not tell it.</summary>
    internal static long ParseStatus(string status, string key)
    {
        foreach (var line in status.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(key, StringComparison.Ordinal) && line.Length > key.Length && line[key.Length] == ':')
            {
                var value = line[(key.Length + 1)..].Trim();
                return Whole(value.EndsWith("kB", StringComparison.Ordinal) ? value[..^2].Trim() : value) * 1024;
            }
        }

        return 0;
    }

    private static long Whole(ReadOnlySpan<char> text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
