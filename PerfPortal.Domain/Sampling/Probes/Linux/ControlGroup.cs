using System.Globalization;
using System.Text;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>
/// The control groups (version 2) that this process is in, from its own up to the mount, as cgroups(7) describes them.
/// A limit of any of them binds. Control groups of version 1 are not looked at.
/// </summary>
internal static class ControlGroup
{
    /// <summary>How often limits are looked for again.</summary>
    public static TimeSpan RefreshInterval { get; } = TimeSpan.FromMinutes(1);

    /// <summary>The directories of the groups, the innermost first, as paths of the system that is looked at; empty without version 2.</summary>
    public static IReadOnlyList<string> Directories(LinuxRoot root)
    {
        if (OwnPath(root) is not { } path || MountTable.Read(root).LastOrDefault(mount => mount.Type == "cgroup2") is not { } mount)
        {
            return [];
        }

        // Without a namespace of its own a container sees the whole path and only a part of the tree: "/docker/abc" mounted at /sys/fs/cgroup.
        // A path that begins with "/.." lies outside of what this process is shown; the mount's top is the nearest that can be seen.
        if (mount.Root != "/" && (path == mount.Root || path.StartsWith(mount.Root + "/", StringComparison.Ordinal)))
        {
            path = path[mount.Root.Length..];
        }

        if (path.StartsWith("/..", StringComparison.Ordinal) || !Directory.Exists(root.At(mount.Point + path)))
        {
            path = "";
        }

        var directories = new List<string>();
        for (path = path.TrimEnd('/'); path.Length > 0; path = path[..path.LastIndexOf('/')])
        {
            directories.Add(mount.Point + path);
        }

        directories.Add(mount.Point);
        return directories;
    }

    /// <summary>The group whose value in <paramref name="file"/> is the smallest, and that value.</summary>
    /// <param name="root">The system that is looked at.</param>
    /// <param name="directories">The groups.</param>
    /// <param name="file">The file's name.</param>
    /// <param name="parse">Reads the file's text; <see langword="null"/> when it states no limit.</param>
    public static (string Directory, double Limit)? Tightest(
        LinuxRoot root, IReadOnlyList<string> directories, string file, Func<string, double?> parse)
    {
        (string Directory, double Limit)? tightest = null;
        foreach (string directory in directories)
        {
            if (ReadText(root.At($"{directory}/{file}")) is { } text && parse(text) is { } limit && (tightest is null || limit < tightest.Value.Limit))
            {
                tightest = (directory, limit);
            }
        }

        return tightest;
    }

    /// <summary><c>memory.max</c>, <c>memory.swap.max</c>: bytes, or <c>max</c>.</summary>
    public static double? ParseBytes(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong bytes) ? bytes : null;

    /// <summary><c>cpu.max</c>: quota and period in µs, or <c>max</c> and a period. The answer is in processors.</summary>
    public static double? ParseQuota(string text)
    {
        string[] parts = text.Split(' ');
        return parts.Length == 2
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong quota)
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong period) && quota > 0 && period > 0
            ? (double)quota / period
            : null;
    }

    /// <summary>The processors that <c>cpuset.cpus.effective</c> allows (<c>0-3,8</c>), or <see langword="null"/> when it says nothing.</summary>
    public static IReadOnlySet<int>? AllowedProcessors(LinuxRoot root, IReadOnlyList<string> directories)
    {
        foreach (string directory in directories)
        {
            if (ReadText(root.At($"{directory}/cpuset.cpus.effective")) is { Length: > 0 } text)
            {
                return ParseProcessors(text);
            }
        }

        return null;
    }

    private static HashSet<int>? ParseProcessors(string text)
    {
        const int MaxProcessors = 1 << 16;
        var processors = new HashSet<int>();
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out int first)
                || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int last) || last < first || last > MaxProcessors)
            {
                return null;
            }

            for (int processor = first; processor <= last; processor++)
            {
                processors.Add(processor);
            }
        }

        return processors;
    }

    /// <summary>The line <c>0::/path</c> of <c>/proc/self/cgroup</c>.</summary>
    private static string? OwnPath(LinuxRoot root)
    {
        using var file = root.File("/proc/self/cgroup");
        if (!file.TryRead(out var text))
        {
            return null;
        }

        var lines = new KernelLines(text);
        while (lines.TryNext(out var line))
        {
            if (line.StartsWith("0::/"u8))
            {
                return Encoding.UTF8.GetString(line[3..]);
            }
        }

        return null;
    }

    private static string? ReadText(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
