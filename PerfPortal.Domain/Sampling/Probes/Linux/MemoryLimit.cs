namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>The lowest memory limit of the control groups, and its usage.</summary>
internal sealed class MemoryLimit(LinuxRoot root) : IDisposable
{
    private const string LimitFile = "/memory.limit_in_bytes";

    private TimeSpan? _lookAgainAt;
    private string? _directory;
    private bool _isVersion1;
    private KernelFile? _current;
    private KernelFile? _stat;
    private KernelFile? _swap;

    /// <summary>The limit in bytes, or <see langword="null"/> without one.</summary>
    public double? Bytes { get; private set; }

    /// <summary>The swap limit in bytes, or <see langword="null"/> without one.</summary>
    public double? SwapBytes { get; private set; }

    /// <summary>Reads the limits again when the refresh interval has passed.</summary>
    public void Refresh(TimeSpan now)
    {
        if (now < _lookAgainAt)
        {
            return;
        }

        _lookAgainAt = now + ControlGroup.RefreshInterval;
        var groups = ControlGroup.Of(root, "memory");
        var limit = groups.IsVersion1 ? OfVersion1(groups.Directories) : OfVersion2(groups.Directories);
        Bytes = limit?.Limit;
        if (limit?.Directory == _directory)
        {
            return;
        }

        Dispose();
        _directory = limit?.Directory;
        _isVersion1 = groups.IsVersion1;
        _current = _directory is null ? null : root.File(_directory + (_isVersion1 ? "/memory.usage_in_bytes" : "/memory.current"));
        _stat = _directory is null ? null : root.File($"{_directory}/memory.stat");
        _swap = _directory is null || _isVersion1 ? null : root.File($"{_directory}/memory.swap.current");
    }

    private (string Directory, double Limit)? OfVersion2(IReadOnlyList<string> directories)
    {
        SwapBytes = ControlGroup.Tightest(directories, directory => ControlGroup.ReadBytes(root, directory + "/memory.swap.max"))?.Limit;
        return ControlGroup.Tightest(directories, directory => ControlGroup.ReadBytes(root, directory + "/memory.max"));
    }

    /// <summary>
    /// The own group also states the limit of ancestors that this process cannot see; the outermost visible group is then the nearest to the limited one. The limit
    /// of memory and swap together contains that of memory.
    /// </summary>
    private (string Directory, double Limit)? OfVersion1(IReadOnlyList<string> directories)
    {
        SwapBytes = ControlGroup.Tightest(
            directories,
            directory => ControlGroup.ReadBytes(root, directory + "/memory.memsw.limit_in_bytes") - ControlGroup.ReadBytes(root, directory + LimitFile))?.Limit;
        var tightest = ControlGroup.Tightest(directories, directory => ControlGroup.ReadBytes(root, directory + LimitFile));
        using var stat = root.File(directories[0] + "/memory.stat");
        return stat.TryRead(out var text) && KernelText.TryFind(text, "hierarchical_memory_limit"u8, out ulong inherited) && (tightest is null || inherited < tightest.Value.Limit)
            ? (directories[^1], inherited)
            : tightest;
    }

    /// <summary>Reads the bytes in use, without inactive file pages, which are reclaimed first; container tools exclude them too.</summary>
    public bool TryReadUsed(out double bytes)
    {
        bytes = 0;
        if (_current is null || !_current.TryReadNumber(out ulong current))
        {
            return false;
        }

        ulong inactive = 0;
        if (_stat is not null && _stat.TryRead(out var text))
        {
            // In version 1 the plain value excludes the groups below.
            _ = (_isVersion1 && KernelText.TryFind(text, "total_inactive_file"u8, out inactive)) || KernelText.TryFind(text, "inactive_file"u8, out inactive);
        }

        bytes = inactive < current ? current - inactive : current;
        return true;
    }

    /// <summary>Reads the swap usage of the limited group in bytes.</summary>
    public bool TryReadSwap(out ulong bytes)
    {
        bytes = 0;
        if (_isVersion1)
        {
            return _stat is not null && _stat.TryRead(out var text) && KernelText.TryFind(text, "total_swap"u8, out bytes);
        }

        return _swap is not null && _swap.TryReadNumber(out bytes);
    }

    public void Dispose()
    {
        _current?.Dispose();
        _stat?.Dispose();
        _swap?.Dispose();
    }
}
