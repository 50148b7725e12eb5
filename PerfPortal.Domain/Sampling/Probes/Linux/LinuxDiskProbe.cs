using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Linux;

/// <summary>Reads file systems from <c>/proc/self/mountinfo</c> and statvfs, and disk rates from <c>/proc/diskstats</c>. Scans for mounts once a minute.</summary>
internal sealed class LinuxDiskProbe(LinuxRoot root, string dataDirectory) : IResourceProbe
{
    private static readonly TimeSpan RefreshInterval = TimeSpan.FromMinutes(1);

    private static readonly SensorStatus NoData =
        new(SensorState.Failed, "The size of the file system that contains the data directory could not be read.");

    private readonly BlockDevices _devices = new(root);
    private IReadOnlyList<Volume> _volumes = [];
    private TimeSpan? _lookAgainAt;
    private bool _steppedBefore;

    public string Sensor => Sensors.Disk;

    public SensorStatus Measure(ResourceSample sample, TimeSpan now)
    {
        if (_lookAgainAt is null || now >= _lookAgainAt)
        {
            _volumes = Volumes.Choose(root, dataDirectory);
            _lookAgainAt = now + RefreshInterval;
        }

        bool first = !_steppedBefore;
        _steppedBefore = true;
        _devices.Step(now);
        sample[ResourceMetric.DiskReadBytesPerSecond] = _devices.Read;
        sample[ResourceMetric.DiskWriteBytesPerSecond] = _devices.Written;
        if (!MeasureSizes(sample))
        {
            return NoData;
        }

        return !_devices.Any || _devices is { Read: not null, Written: not null } ? SensorStatus.Ok
            : first ? CommonStates.FirstReading
            : CommonStates.NoDifference;
    }

    public void Detail(ResourceSample sample)
    {
        var readings = new List<DiskReading>(_volumes.Count);
        foreach (var volume in _volumes)
        {
            if (!volume.IsKnown)
            {
                continue;
            }

            var device = _devices.Find(volume.Mount);
            readings.Add(new(
                volume.Mount.Point,
                volume.Size.Total / ByteUnits.Gibibyte,
                volume.Size.Available / ByteUnits.Gibibyte,
                volume.Size.UsedPercent,
                device?.Read.ToNullable(),
                device?.Written.ToNullable(),
                volume.HoldsData));
        }

        sample.Disks = readings;
    }

    public void Dispose() => _devices.Dispose();

    private bool MeasureSizes(ResourceSample sample)
    {
        bool found = false;
        for (int i = 0; i < _volumes.Count; i++)
        {
            var volume = _volumes[i];
            volume.Step();
            if (!volume.HoldsData || !volume.IsKnown)
            {
                continue;
            }

            found = true;
            sample[ResourceMetric.DiskTotalGb] = volume.Size.Total / ByteUnits.Gibibyte;
            sample[ResourceMetric.DiskFreeGb] = volume.Size.Available / ByteUnits.Gibibyte;
            sample[ResourceMetric.DiskPercent] = volume.Size.UsedPercent;
        }

        return found;
    }
}
