using System.Globalization;
using System.Text;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>
/// Reads the limits of the control groups (version 2) of this process, from its own group up to the mount; see cgroups(7).
/// The limits of all of them apply. Version 1 is not supported.
/// </summary>
internal static class ControlGroup
{
    /// <summary>The interval at which limits are read again.</summary>
    public static TimeSpan RefreshInterval { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Returns the directories of the groups, innermost first, as paths of the observed system; empty without version 2.</summary>
    public static IReadOnlyList<string> Directories(LinuxRoot root)
    {
        if (OwnPath(root) is not { } path || MountTable.Read(root).LastOrDefault(mount => mount.Type == "cgroup2") is not { } mount)
        {
            return [];
        }

        // A container without its own namespace sees the full path but only a part of the tree: "/docker/abc" mounted at /sys/fs/cgroup.
        // A path that starts with "/.." is outside the visible tree; the root of the mount is the nearest visible group.
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

    /// <summary>Returns the group with the smallest value in <paramref name="file"/>, and that value.</summary>
    /// <param name="root">The observed system.</param>
    /// <param name="directories">The groups.</param>
    /// <param name="file">The file name.</param>
    /// <param name="parse">Parses the content of the file; returns <see langword="null"/> without a limit.</param>
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

    /// <summary>Parses <c>memory.max</c> and <c>memory.swap.max</c>: bytes, or <c>max</c>.</summary>
    public static double? ParseBytes(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong bytes) ? bytes : null;

    /// <summary>Parses <c>cpu.max</c>: quota and period in µs, or <c>max</c> and a period. Returns the quota in processors.</summary>
    public static double? ParseQuota(string text)
    {
        string[] parts = text.Split(' ');
        return parts.Length == 2
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong quota)
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong period) && quota > 0 && period > 0
            ? (double)quota / period
            : null;
    }

    /// <summary>Returns the processors allowed by <c>cpuset.cpus.effective</c> (<c>0-3,8</c>), or <see langword="null"/> when there is no restriction.</summary>
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

    /// <summary>Reads the line <c>0::/path</c> of <c>/proc/self/cgroup</c>.</summary>
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
