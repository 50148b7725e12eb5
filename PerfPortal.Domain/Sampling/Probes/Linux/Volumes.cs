using System.Text;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>A mounted file system that is worth a line.</summary>
internal sealed class Volume(LinuxRoot root, Mount mount, bool holdsData)
{
    private readonly byte[] _path = Encoding.UTF8.GetBytes(root.At(mount.Point) + '\0');
    private FileSystemSize _size;

    public Mount Mount { get; } = mount;

    public bool HoldsData { get; } = holdsData;

    /// <summary>The size as last asked; meaningless unless <see cref="IsKnown"/>.</summary>
    public ref readonly FileSystemSize Size => ref _size;

    public bool IsKnown { get; private set; }

    public void Step() => IsKnown = root.ReadSize(_path, out _size) && _size.Total > 0;
}

/// <summary>Chooses the mounts that are worth a line.</summary>
internal static class Volumes
{
    // They number their mounts as no device does, and lie on disks all the same.
    private static readonly string[] OnDisks = ["btrfs", "zfs", "bcachefs"];

    // Images that are full by their nature.
    private static readonly string[] Images = ["squashfs", "iso9660", "udf", "erofs", "cramfs", "romfs"];

    /// <summary>
    /// The file systems of block devices, each once however often it is mounted, and always the one that holds the data directory, whatever its type.
    /// File systems of other hosts (NFS, CIFS) are left out, for asking one whose server is away would hang.
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

    /// <summary>The path without links, of the nearest part that exists.</summary>
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
