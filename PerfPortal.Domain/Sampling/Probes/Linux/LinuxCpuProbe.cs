using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>
/// Reads CPU usage from <c>/proc/stat</c> and load from <c>/proc/loadavg</c>. With a CPU quota of a control group the percentage is the share of the
/// quota that the limited group used; with a set of allowed processors it covers only these. For steal and iowait see <see cref="CpuTimes"/>.
/// </summary>
internal sealed class LinuxCpuProbe(LinuxRoot root) : IResourceProbe
{
    private static readonly SensorStatus SilentGroup = new(SensorState.Failed, "The control group with the CPU limit does not report its usage.");

    private readonly KernelFile _stat = root.File("/proc/stat");
    private readonly KernelFile _load = root.File("/proc/loadavg");
    private readonly CpuLimit _limit = new(root);
    private readonly List<Core> _cores = [];
    private CpuTimes _total;
    private int _totalCores;
    private IReadOnlySet<int>? _allowed;

    public string Sensor => Sensors.Cpu;

    public SensorStatus Measure(ResourceSample sample, TimeSpan now)
    {
        _limit.Refresh(now);
        ReadLoad(sample);
        if (!_stat.TryRead(out var text))
        {
            return _stat.Unreadable();
        }

        bool first = _totalCores == 0;
        var before = _total;
        bool sameCores = ReferenceEquals(_allowed, _limit.Allowed);
        _allowed = _limit.Allowed;
        int coresBefore = _totalCores;
        if (!TryReadCores(text))
        {
            return _stat.Unintelligible();
        }

        double count = Math.Min(_totalCores, _limit.Quota ?? double.MaxValue);
        sample[ResourceMetric.CpuCount] = count;
        double percent = _limit.Quota is not null ? _limit.PercentOf(count, now)
            : sameCores && coresBefore == _totalCores ? _total.PercentSince(before)
            : double.NaN;
        sample[ResourceMetric.CpuPercent] = percent;
        if (_limit is { Quota: not null, IsReadable: false })
        {
            return SilentGroup;
        }

        return !double.IsNaN(percent) ? SensorStatus.Ok : first ? CommonStates.FirstReading : CommonStates.NoDifference;
    }

    public void Detail(ResourceSample sample)
    {
        int known = 0;
        foreach (var core in _cores)
        {
            known += core.IsKnown ? 1 : 0;
        }

        double[] cores = new double[known];
        int next = 0;
        foreach (var core in _cores)
        {
            if (core.IsKnown)
            {
                cores[next++] = core.Percent;
            }
        }

        sample.CpuCores = cores;
    }

    public void Dispose()
    {
        _stat.Dispose();
        _load.Dispose();
        _limit.Dispose();
    }

    /// <summary>Parses the lines <c>cpu0 …</c>, <c>cpu1 …</c>; offline processors have none.</summary>
    private bool TryReadCores(ReadOnlySpan<byte> text)
    {
        foreach (var core in _cores)
        {
            core.Seen = false;
        }

        CpuTimes total = default;
        int count = 0;
        var lines = new KernelLines(text);
        while (lines.TryNext(out var line) && line.StartsWith("cpu"u8))
        {
            var fields = new KernelFields(line);
            if (!fields.TryNext(out var name) || !KernelText.TryParse(name[3..], out ulong number)
                || number > ushort.MaxValue || !CpuTimes.TryParse(ref fields, out var times))
            {
                continue;
            }

            if (_limit.Allowed is { } allowed && !allowed.Contains((int)number))
            {
                continue;
            }

            while (_cores.Count <= (int)number)
            {
                _cores.Add(new Core());
            }

            _cores[(int)number].Step(times);
            total += times;
            count++;
        }

        _total = total;
        _totalCores = count;
        return count > 0;
    }

    private void ReadLoad(ResourceSample sample)
    {
        if (!_load.TryRead(out var text))
        {
            return;
        }

        var fields = new KernelFields(text);
        if (!fields.TryNextNumber(out double one) || !fields.TryNextNumber(out double five) || !fields.TryNextNumber(out double fifteen))
        {
            return;
        }

        sample[ResourceMetric.Load1] = one;
        sample[ResourceMetric.Load5] = five;
        sample[ResourceMetric.Load15] = fifteen;
    }

    private sealed class Core
    {
        private CpuTimes _times;
        private bool _read;

        public bool Seen { get; set; }

        public double Percent { get; private set; }

        public bool IsKnown => Seen && !double.IsNaN(Percent);

        public void Step(in CpuTimes times)
        {
            Percent = _read ? times.PercentSince(_times) : double.NaN;
            _times = times;
            _read = true;
            Seen = true;
        }
    }
}
