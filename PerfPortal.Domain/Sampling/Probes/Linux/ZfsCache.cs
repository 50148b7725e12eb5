namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>
/// The cache of ZFS (ARC). The kernel does not count it as available memory, although ZFS releases everything above its minimum size when programs need it.
/// </summary>
internal sealed class ZfsCache(LinuxRoot root) : IDisposable
{
    private readonly KernelFile _statistics = root.File("/proc/spl/kstat/zfs/arcstats");
    private bool? _isOfThisSystem;

    /// <summary>Returns the bytes that ZFS releases on demand; 0 without ZFS.</summary>
    public double ReadReclaimable() =>
        _statistics.TryRead(out var text) && IsOfThisSystem() && TryFind(text, "size"u8, out ulong size) && TryFind(text, "c_min"u8, out ulong min) && size > min
            ? size - min
            : 0;

    public void Dispose() => _statistics.Dispose();

    /// <summary>In a system container, lxcfs reports the container's memory, which does not contain the cache of its host.</summary>
    private bool IsOfThisSystem() => _isOfThisSystem ??= MountTable.Read(root).All(mount => mount.Point is not ("/proc" or "/proc/meminfo") || mount.Type != "fuse.lxcfs");

    /// <summary>Finds a line <c>size 4 8589934592</c>: name, type and value.</summary>
    private static bool TryFind(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name, out ulong value)
    {
        var lines = new KernelLines(text);
        while (lines.TryNext(out var line))
        {
            var fields = new KernelFields(line);
            if (fields.TryNext(out var found) && found.SequenceEqual(name))
            {
                value = 0;
                return fields.TrySkip(1) && fields.TryNextNumber(out value);
            }
        }

        value = 0;
        return false;
    }
}
