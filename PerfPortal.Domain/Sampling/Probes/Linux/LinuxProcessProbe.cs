using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>Reads CPU time, resident memory and thread count of this process from <c>/proc/self/stat</c> (proc_pid_stat(5)).</summary>
internal sealed class LinuxProcessProbe(LinuxRoot root) : IResourceProbe
{
    // USER_HZ: the unit of CPU times in user space. It is 100 on every architecture supported by .NET, independent of the kernel tick.
    private const double TicksPerSecond = 100;

    private readonly KernelFile _stat = root.File("/proc/self/stat");
    private CounterRate _ticks;
    private bool _steppedBefore;

    public string Sensor => Sensors.Process;

    public SensorStatus Measure(ResourceSample sample, TimeSpan now)
    {
        if (!_stat.TryRead(out var text))
        {
            return _stat.Unreadable();
        }

        // The name is in parentheses and can contain blanks and parentheses. The state after it is field 3.
        int name = text.LastIndexOf((byte)')');
        var fields = new KernelFields(text[(name + 1)..]);
        if (name < 0 || !fields.TrySkip(11) || !fields.TryNextNumber(out ulong user) || !fields.TryNextNumber(out ulong system)
            || !fields.TrySkip(4) || !fields.TryNextNumber(out ulong threads)
            || !fields.TrySkip(3) || !fields.TryNextNumber(out ulong residentPages))
        {
            return _stat.Unintelligible();
        }

        bool first = !_steppedBefore;
        _steppedBefore = true;
        _ticks.Step(user + system, now);
        sample[ResourceMetric.ProcessCpuPercent] = 100 * _ticks.PerSecond / TicksPerSecond;
        sample[ResourceMetric.ProcessMemoryMb] = residentPages * (double)Environment.SystemPageSize / ByteUnits.Mebibyte;
        sample[ResourceMetric.ProcessThreads] = threads;
        return !double.IsNaN(_ticks.PerSecond) ? SensorStatus.Ok : first ? CommonStates.FirstReading : CommonStates.NoDifference;
    }

    public void Detail(ResourceSample sample)
    {
    }

    public void Dispose() => _stat.Dispose();
}
