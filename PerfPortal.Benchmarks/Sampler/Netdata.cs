using System.Diagnostics;
using System.Globalization;

namespace PerfPortal.Benchmarks.Sampler;

/// <summary>
/// Netdata's own collectors of what the portal's sampler reads, at one round a second: started for the measurement with a configuration in a
/// directory of its own, without a web server, a store, health checks or plugins of other kinds. Linux only.
/// </summary>
internal static class Netdata
{
    private static readonly string[] Programs = ["/usr/sbin/netdata", "/opt/netdata/usr/sbin/netdata", "/usr/local/sbin/netdata"];
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);

    // The collectors that remain are those of processors, load, memory, disks and interfaces, and of the sizes of file systems.
    private static readonly string[] SwitchedOff =
    [
        "netdata server resources", "/proc/pagetypeinfo", "/proc/uptime", "/proc/sys/fs/file-nr", "/proc/sys/kernel/random/entropy_avail", "/proc/pressure",
        "/proc/interrupts", "/proc/softirqs", "/proc/vmstat", "/sys/kernel/mm/ksm", "/sys/block/zram", "/sys/devices/system/edac/mc", "/sys/devices/system/node",
        "/proc/net/wireless", "/proc/net/sockstat", "/proc/net/sockstat6", "/proc/net/netstat", "/proc/net/snmp", "/proc/net/snmp6", "/proc/net/sctp/snmp",
        "/proc/net/softnet_stat", "/proc/net/ip_vs/stats", "/sys/class/infiniband", "/proc/net/stat/conntrack", "/proc/net/stat/synproxy", "/proc/mdstat",
        "/proc/net/rpc/nfsd", "/proc/net/rpc/nfs", "/proc/spl/kstat/zfs/arcstats", "/sys/fs/btrfs", "ipc", "/sys/class/power_supply",
    ];

    private static readonly string[] OtherPlugins = ["timex", "tc", "idlejitter", "cgroups", "checks", "apps", "slabinfo", "nfacct", "perf", "statsd", "netdata monitoring"];

    /// <summary>What a round of its collectors costs, processor time in microseconds; <see langword="null"/> where it is not installed.</summary>
    /// <param name="seconds">For how long it is looked at.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">It ended, or shows no collector.</exception>
    public static async Task<double?> MeasureAsync(int seconds, CancellationToken cancellationToken)
    {
        if (Programs.FirstOrDefault(File.Exists) is not { } program)
        {
            return null;
        }

        string directory = Directory.CreateTempSubdirectory("perfportal-netdata-").FullName;
        try
        {
            using var process = Process.Start(Start(program, directory))!;
            try
            {
                process.OutputDataReceived += (_, _) => { };
                process.ErrorDataReceived += (_, _) => { };
                process.BeginOutputReadLine();
                process.BeginErrorReadLine();
                await Task.Delay(Settling, cancellationToken);
                double before = CollectorSeconds(process);
                await Task.Delay(TimeSpan.FromSeconds(seconds), cancellationToken);
                return (CollectorSeconds(process) - before) / seconds * 1e6;
            }
            finally
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>The configuration: where everything lies, and what is switched off.</summary>
    /// <param name="directory">The directory of the measurement.</param>
    /// <param name="user">As whom it runs; it would change to a user of its own otherwise.</param>
    internal static string Configuration(string directory, string user)
    {
        string off = string.Concat(SwitchedOff.Select(name => $"  {name} = no\n"));
        string plugins = string.Concat(OtherPlugins.Select(name => $"  {name} = no\n"));
        return $"""
            [global]
              run as user = {user}
            [directories]
              config = {directory}
              cache = {directory}
              lib = {directory}
              log = {directory}
              home = {directory}
              plugins = {directory}
            [db]
              update every = 1
              mode = none
            [web]
              mode = none
            [health]
              enabled = no
            [ml]
              enabled = no
            [cloud]
              enabled = no
            [plugins]
              proc = yes
              diskspace = yes
              enable running new plugins = no
            {plugins}[plugin:proc]
            {off}
            """;
    }

    private static ProcessStartInfo Start(string program, string directory)
    {
        string file = Path.Combine(directory, "netdata.conf");
        File.WriteAllText(file, Configuration(directory, Environment.UserName));
        File.WriteAllText(Path.Combine(directory, ".opt-out-from-anonymous-statistics"), "");
        var start = new ProcessStartInfo(program, ["-D", "-c", file, "-P", Path.Combine(directory, "pid")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DISABLE_TELEMETRY"] = "1";
        return start;
    }

    /// <summary>The processor time of the threads that collect, to the nanosecond, by the kernel's scheduler (Documentation/scheduler/sched-stats): a process's own count goes by hundredths of a second.</summary>
    private static double CollectorSeconds(Process process)
    {
        double seconds = 0;
        bool isAny = false;
        foreach (string thread in Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/task")))
        {
            if (!File.ReadAllText(Path.Combine(thread, "comm")).StartsWith("PLUGIN[", StringComparison.Ordinal))
            {
                continue;
            }

            isAny = true;
            seconds += long.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture) / 1e9;
        }

        return isAny ? seconds : throw new InvalidOperationException("netdata shows no thread that collects.");
    }
}
