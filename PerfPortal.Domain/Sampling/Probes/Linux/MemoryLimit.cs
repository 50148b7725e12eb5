namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>The lowest memory limit of the control groups, and its usage.</summary>
internal sealed class MemoryLimit(LinuxRoot root) : IDisposable
{
    private TimeSpan? _lookAgainAt;
    private string? _directory;
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
        var directories = ControlGroup.Directories(root);
        var limit = ControlGroup.Tightest(root, directories, "memory.max", ControlGroup.ParseBytes);
        Bytes = limit?.Limit;
        SwapBytes = ControlGroup.Tightest(root, directories, "memory.swap.max", ControlGroup.ParseBytes)?.Limit;
        if (limit?.Directory == _directory)
        {
            return;
        }

        Dispose();
        _directory = limit?.Directory;
        _current = _directory is null ? null : root.File($"{_directory}/memory.current");
        _stat = _directory is null ? null : root.File($"{_directory}/memory.stat");
        _swap = _directory is null ? null : root.File($"{_directory}/memory.swap.current");
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
            _ = KernelText.TryFind(text, "inactive_file"u8, out inactive);
        }

        bytes = inactive < current ? current - inactive : current;
        return true;
    }

    /// <summary>Reads the swap usage of the limited group in bytes.</summary>
    public bool TryReadSwap(out ulong bytes)
    {
        bytes = 0;
        return _swap is not null && _swap.TryReadNumber(out bytes);
    }

    public void Dispose()
    {
        _current?.Dispose();
        _stat?.Dispose();
        _swap?.Dispose();
    }
}
