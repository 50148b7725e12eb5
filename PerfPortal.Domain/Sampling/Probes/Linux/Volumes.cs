using System.Text;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>A mounted file system that is reported.</summary>
internal sealed class Volume(LinuxRoot root, Mount mount, bool holdsData)
{
    private readonly byte[] _path = Encoding.UTF8.GetBytes(root.At(mount.Point) + '\0');
    private FileSystemSize _size;

    public Mount Mount { get; } = mount;

    public bool HoldsData { get; } = holdsData;

    /// <summary>The last size read; meaningless unless <see cref="IsKnown"/>.</summary>
    public ref readonly FileSystemSize Size => ref _size;

    public bool IsKnown { get; private set; }

    public void Step() => IsKnown = root.ReadSize(_path, out _size) && _size.Total > 0;
}

/// <summary>Selects the mounts that are reported.</summary>
internal static class Volumes
{
    // File systems on disks whose mounts have no device number.
    private static readonly string[] OnDisks = ["btrfs", "zfs", "bcachefs"];

    // Read-only images, which are always full.
    private static readonly string[] Images = ["squashfs", "iso9660", "udf", "erofs", "cramfs", "romfs"];

    /// <summary>
    /// Returns the file systems of block devices, each once even if mounted several times, and always the one that contains the data directory.
    /// Network file systems (NFS, CIFS) are excluded, because reading one whose server is unavailable would hang.
    /// </summary>
    public static IReadOnlyList<Volume> Choose(LinuxRoot root, string dataDirectory)
    {
        var mounts = MountTable.Read(root);
        var data = MountTable.Holding(mounts, RealPath(dataDirectory));
        return
        [
            .. mounts
                .Where(mount => mount == data || IsOnDisk(mount))
                .GroupBy(mount => mount.Device.Major == 0 ? mount.Source + mount.Type : $"{mount.Device.Major}:{mount.Device.Minor}")
                .Select(same => same.Contains(data) ? data! : same.OrderBy(mount => mount.Root != "/").ThenBy(mount => mount.Point.Length).First())
                .Select(mount => new Volume(root, mount, mount == data)),
        ];
    }

    private static bool IsOnDisk(Mount mount) =>
        mount.Device.Major != 0 ? !Images.Contains(mount.Type) : OnDisks.Contains(mount.Type);

    /// <summary>Resolves the links in the existing part of a path.</summary>
    private static string RealPath(string path)
    {
        path = Path.GetFullPath(path);
        string? parent = Path.GetDirectoryName(path);
        if (parent is null)
        {
            return path;
        }

        var directory = new DirectoryInfo(path);
        return directory.Exists && directory.ResolveLinkTarget(returnFinalTarget: true) is { } target && target.FullName != path
            ? RealPath(target.FullName)
            : Path.Join(RealPath(parent), Path.GetFileName(path));
    }
}
