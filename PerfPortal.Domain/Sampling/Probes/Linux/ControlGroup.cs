using System.Globalization;
using System.Text;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>The control groups that limit this process.</summary>
/// <param name="Directories">The directories of the groups, innermost first, as paths of the observed system; empty when there are none.</param>
/// <param name="IsVersion1">Whether the files of version 1 are in them.</param>
internal sealed record ControlGroups(IReadOnlyList<string> Directories, bool IsVersion1);

/// <summary>
/// Reads the limits of the control groups of this process, from its own group up to the mount; see cgroups(7). The limits of all of them apply. In version 1 each
/// controller can have a hierarchy of its own.
/// </summary>
internal static class ControlGroup
{
    // "Unlimited" is the largest multiple of a page in version 1.
    private const ulong Unlimited = 1UL << 62;

    /// <summary>The interval at which limits are read again.</summary>
    public static TimeSpan RefreshInterval { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Returns the groups of a controller: of version 1 if it has a hierarchy there, otherwise of version 2.</summary>
    public static ControlGroups Of(LinuxRoot root, string controller)
    {
        var mounts = MountTable.Read(root);
        return OwnPath(root, controller) is { } path && mounts.LastOrDefault(mount => mount.Type == "cgroup" && mount.Options.Split(',').Contains(controller)) is { } mount
            ? new(Below(root, mount, path), IsVersion1: true)
            : new(Unified(root, mounts), IsVersion1: false);
    }

    /// <summary>Returns the group with the smallest limit, and that limit.</summary>
    /// <param name="directories">The groups.</param>
    /// <param name="limitOf">Returns the limit of a group; <see langword="null"/> without one.</param>
    public static (string Directory, double Limit)? Tightest(IReadOnlyList<string> directories, Func<string, double?> limitOf)
    {
        (string Directory, double Limit)? tightest = null;
        foreach (string directory in directories)
        {
            if (limitOf(directory) is { } limit && (tightest is null || limit < tightest.Value.Limit))
            {
                tightest = (directory, limit);
            }
        }

        return tightest;
    }

    /// <summary>Reads a limit in bytes, such as <c>memory.max</c>; <see langword="null"/> when there is none.</summary>
    public static double? ReadBytes(LinuxRoot root, string path) => ReadText(root.At(path)) is { } text ? ParseBytes(text) : null;

    /// <summary>Reads the quota of a group in processors; <see langword="null"/> when there is none.</summary>
    public static double? ReadQuota(LinuxRoot root, string directory, bool isVersion1) =>
        (isVersion1 ? $"{ReadText(root.At(directory + "/cpu.cfs_quota_us"))} {ReadText(root.At(directory + "/cpu.cfs_period_us"))}" : ReadText(root.At(directory + "/cpu.max"))) is { } text
            ? ParseQuota(text)
            : null;

    /// <summary>Parses bytes, or the text of version 2 (<c>max</c>) or the number of version 1 for no limit.</summary>
    public static double? ParseBytes(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong bytes) && bytes < Unlimited ? bytes : null;

    /// <summary>Parses quota and period in µs; <c>max</c> (version 2) or −1 (version 1) as the quota means none. Returns the quota in processors.</summary>
    public static double? ParseQuota(string text)
    {
        string[] parts = text.Split(' ');
        return parts.Length == 2
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong quota)
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out ulong period) && quota > 0 && period > 0
            ? (double)quota / period
            : null;
    }

    /// <summary>Returns the allowed processors (<c>0-3,8</c>), or <see langword="null"/> when there is no restriction.</summary>
    public static IReadOnlySet<int>? AllowedProcessors(LinuxRoot root)
    {
        var groups = Of(root, "cpuset");
        string file = groups.IsVersion1 ? "cpuset.effective_cpus" : "cpuset.cpus.effective";
        foreach (string directory in groups.Directories)
        {
            if (ReadText(root.At($"{directory}/{file}")) is { Length: > 0 } text)
            {
                return ParseProcessors(text);
            }
        }

        return null;
    }

    private static List<string> Unified(LinuxRoot root, IReadOnlyList<Mount> mounts) =>
        OwnPath(root, "") is { } path && mounts.LastOrDefault(mount => mount.Type == "cgroup2") is { } mount ? Below(root, mount, path) : [];

    private static List<string> Below(LinuxRoot root, Mount mount, string path)
    {
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

    /// <summary>Reads the path from <c>/proc/self/cgroup</c>: from the line <c>4:memory:/path</c> of a controller, or from <c>0::/path</c> of version 2 for none.</summary>
    private static string? OwnPath(LinuxRoot root, string controller)
    {
        using var file = root.File("/proc/self/cgroup");
        if (!file.TryRead(out var text))
        {
            return null;
        }

        foreach (string line in Encoding.UTF8.GetString(text).Split('\n'))
        {
            string[] parts = line.Split(':', 3);
            if (parts.Length == 3 && parts[2].StartsWith('/') && parts[1].Split(',').Contains(controller))
            {
                return parts[2];
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
