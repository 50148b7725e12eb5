namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>The CPU limits of the control groups: a quota, a set of processors, both or none.</summary>
internal sealed class CpuLimit(LinuxRoot root) : IDisposable
{
    private TimeSpan? _lookAgainAt;
    private string? _directory;
    private KernelFile? _usage;
    private CounterRate _rate;

    /// <summary>The quota in processors, or <see langword="null"/> without a quota.</summary>
    public double? Quota { get; private set; }

    /// <summary>The allowed processors, or <see langword="null"/> without a restriction. The instance is reused while the set is unchanged.</summary>
    public IReadOnlySet<int>? Allowed { get; private set; }

    /// <summary>Reads the limits again when the refresh interval has passed.</summary>
    public void Refresh(TimeSpan now)
    {
        if (now < _lookAgainAt)
        {
            return;
        }

        _lookAgainAt = now + ControlGroup.RefreshInterval;
        var directories = ControlGroup.Directories(root);
        var allowed = ControlGroup.AllowedProcessors(root, directories);
        if (allowed is null || Allowed is null || !allowed.SetEquals(Allowed))
        {
            Allowed = allowed;
        }

        var quota = ControlGroup.Tightest(root, directories, "cpu.max", ControlGroup.ParseQuota);
        Quota = quota?.Limit;
        if (quota?.Directory == _directory)
        {
            return;
        }

        _usage?.Dispose();
        _directory = quota?.Directory;
        _usage = _directory is null ? null : root.File($"{_directory}/cpu.stat");
        _rate = default;
    }

    /// <summary>Whether the last <see cref="PercentOf"/> could read the usage of the limited group.</summary>
    public bool IsReadable { get; private set; }

    /// <summary>Returns the share of <paramref name="processors"/> that the limited group used since the last call, 0–100; NaN when unknown.</summary>
    public double PercentOf(double processors, TimeSpan now)
    {
        ulong microseconds = 0;
        IsReadable = _usage is not null && _usage.TryRead(out var text) && KernelText.TryFind(text, "usage_usec"u8, out microseconds);
        if (!IsReadable)
        {
            return double.NaN;
        }

        _rate.Step(microseconds, now);

        // A group can burst above its quota for a period, so usage can exceed 100 %.
        return double.IsNaN(_rate.PerSecond) ? double.NaN : Math.Min(100, _rate.PerSecond / 1e6 / processors * 100);
    }

    public void Dispose() => _usage?.Dispose();
}
