using System.Text;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>A line of <c>/proc/self/mountinfo</c>.</summary>
/// <param name="Device">The major and minor device number, as in diskstats.</param>
/// <param name="Root">The mounted part of the file system; <c>/</c> for the whole.</param>
/// <param name="Point">The mount point.</param>
/// <param name="Type">The file system type.</param>
/// <param name="Source">The device path, or a value specific to the type.</param>
/// <param name="Options">The options of the file system, separated by commas.</param>
internal sealed record Mount((uint Major, uint Minor) Device, string Root, string Point, string Type, string Source, string Options);

/// <summary>Reads the file systems visible to this process from <c>/proc/self/mountinfo</c> (proc_pid_mountinfo(5)).</summary>
internal static class MountTable
{
    /// <summary>Returns the mounts in kernel order; at a mount point only the last one, which hides the others. Empty when the file cannot be read.</summary>
    public static IReadOnlyList<Mount> Read(LinuxRoot root)
    {
        // The options of an overlay mount list every layer.
        using var file = root.File("/proc/self/mountinfo", longLines: true);
        if (!file.TryRead(out var text))
        {
            return [];
        }

        var mounts = new List<Mount>();
        var lines = new KernelLines(text);
        while (lines.TryNext(out var line))
        {
            if (Parse(Encoding.UTF8.GetString(line)) is not { } mount)
            {
                continue;
            }

            mounts.RemoveAll(other => other.Point == mount.Point);
            mounts.Add(mount);
        }

        return mounts;
    }

    /// <summary>Returns the mount that contains a path: the one with the longest matching mount point.</summary>
    public static Mount? Holding(IReadOnlyList<Mount> mounts, string path) => mounts
        .Where(mount => mount.Point == "/" || path == mount.Point || path.StartsWith(mount.Point + "/", StringComparison.Ordinal))
        .MaxBy(mount => mount.Point.Length);

    /// <summary>Parses <c>36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue</c>.</summary>
    private static Mount? Parse(string line)
    {
        int separator = line.IndexOf(" - ", StringComparison.Ordinal);
        if (separator < 0)
        {
            return null;
        }

        string[] before = line[..separator].Split(' ');
        string[] after = line[(separator + 3)..].Split(' ');
        if (before.Length < 6 || after.Length < 2)
        {
            return null;
        }

        string[] device = before[2].Split(':');
        if (device.Length != 2 || !uint.TryParse(device[0], out uint major) || !uint.TryParse(device[1], out uint minor))
        {
            return null;
        }

        return new((major, minor), Unescape(before[3]), Unescape(before[4]), after[0], Unescape(after[1]), after.Length > 2 ? after[2] : "");
    }

    /// <summary>Decodes the octal escapes of blank, tab, newline and backslash, such as <c>\040</c>.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal))
        {
            return text;
        }

        return text.Replace(@"\040", " ", StringComparison.Ordinal).Replace(@"\011", "\t", StringComparison.Ordinal)
            .Replace(@"\012", "\n", StringComparison.Ordinal).Replace(@"\134", @"\", StringComparison.Ordinal);
    }
}
