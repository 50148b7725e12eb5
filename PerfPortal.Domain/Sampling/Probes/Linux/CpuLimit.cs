namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>What the control groups leave of the processors: a quota, a set of processors, both or nothing.</summary>
internal sealed class CpuLimit(LinuxRoot root) : IDisposable
{
    private TimeSpan? _lookAgainAt;
    private string? _directory;
    private KernelFile? _usage;
    private CounterRate _rate;

    /// <summary>Processors' worth of time that may be used, or <see langword="null"/> without a quota.</summary>
    public double? Quota { get; private set; }

    /// <summary>The processors that may be used, or <see langword="null"/> when nothing restricts them. The same object as long as they are the same.</summary>
    public IReadOnlySet<int>? Allowed { get; private set; }

    /// <summary>Looks for limits if it is time to.</summary>
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

    /// <summary>Whether the last <see cref="PercentOf"/> could read what the limited group used.</summary>
    public bool IsReadable { get; private set; }

    /// <summary>The share of <paramref name="processors"/> that the limited group used since the last call, 0–100; NaN when not known.</summary>
    public double PercentOf(double processors, TimeSpan now)
    {
        ulong microseconds = 0;
        IsReadable = _usage is not null && _usage.TryRead(out var text) && KernelText.TryFind(text, "usage_usec"u8, out microseconds);
        if (!IsReadable)
        {
            return double.NaN;
        }

        _rate.Step(microseconds, now);

        // A group may burst over its quota for a period, so that more than all of it was used.
        return double.IsNaN(_rate.PerSecond) ? double.NaN : Math.Min(100, _rate.PerSecond / 1e6 / processors * 100);
    }

    public void Dispose() => _usage?.Dispose();
}
