namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>The CPU limits of the control groups: a quota, a set of processors, both or none.</summary>
internal sealed class CpuLimit(LinuxRoot root) : IDisposable
{
    private TimeSpan? _lookAgainAt;
    private string? _directory;
    private bool _isVersion1;
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
        LookAgain();
    }

    // A separate method: the closures would be allocated by every call of the method that contains them.
    private void LookAgain()
    {
        var allowed = ControlGroup.AllowedProcessors(root);
        if (allowed is null || Allowed is null || !allowed.SetEquals(Allowed))
        {
            Allowed = allowed;
        }

        var groups = ControlGroup.Of(root, "cpu");
        var quota = ControlGroup.Tightest(groups.Directories, directory => ControlGroup.ReadQuota(root, directory, groups.IsVersion1));
        Quota = quota?.Limit;
        if (quota?.Directory == _directory)
        {
            return;
        }

        _usage?.Dispose();
        _directory = quota?.Directory;
        _isVersion1 = groups.IsVersion1;
        _usage = _directory is null ? null : _isVersion1 ? UsageOf(_directory, groups) : root.File($"{_directory}/cpu.stat");
        _rate = default;
    }

    /// <summary>In version 1 the usage belongs to a controller of its own, usually in the same hierarchy.</summary>
    private KernelFile? UsageOf(string directory, ControlGroups groups)
    {
        int place = groups.Directories.ToList().IndexOf(directory);
        var accounts = ControlGroup.Of(root, "cpuacct");
        return accounts.IsVersion1 && place < accounts.Directories.Count ? root.File($"{accounts.Directories[place]}/cpuacct.usage") : null;
    }

    /// <summary>Whether the last <see cref="PercentOf"/> could read the usage of the limited group.</summary>
    public bool IsReadable { get; private set; }

    /// <summary>Returns the share of <paramref name="processors"/> that the limited group used since the last call, 0–100; NaN when unknown.</summary>
    public double PercentOf(double processors, TimeSpan now)
    {
        IsReadable = TryReadUsage(out ulong microseconds);
        if (!IsReadable)
        {
            return double.NaN;
        }

        _rate.Step(microseconds, now);

        // A group can burst above its quota for a period, so usage can exceed 100 %.
        return double.IsNaN(_rate.PerSecond) ? double.NaN : Math.Min(100, _rate.PerSecond / 1e6 / processors * 100);
    }

    private bool TryReadUsage(out ulong microseconds)
    {
        microseconds = 0;
        if (_usage is null)
        {
            return false;
        }

        if (!_isVersion1)
        {
            return _usage.TryRead(out var text) && KernelText.TryFind(text, "usage_usec"u8, out microseconds);
        }

        bool isRead = _usage.TryReadNumber(out ulong nanoseconds);
        microseconds = nanoseconds / 1000;
        return isRead;
    }

    public void Dispose() => _usage?.Dispose();
}
