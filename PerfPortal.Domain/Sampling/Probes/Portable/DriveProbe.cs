using PerfPortal.Domain.Resources;

namespace PerfPortal.Domain.Sampling.Probes.Portable;

/// <summary>Reads fixed drives with <see cref="DriveInfo"/> on Windows and macOS, without read and write rates.</summary>
internal sealed class DriveProbe(string dataDirectory) : IResourceProbe
{
    private static readonly SensorStatus NoData = new(SensorState.Failed, "The drive that contains the data directory could not be read.");

    private readonly string _dataDirectory = Path.GetFullPath(dataDirectory);
    private readonly List<DiskReading> _readings = [];

    public string Sensor => Sensors.Disk;

    public SensorStatus Measure(ResourceSample sample, TimeSpan now)
    {
        _readings.Clear();
        string? data = null;
        DriveInfo[] drives = [.. DriveInfo.GetDrives().Where(drive => drive.DriveType == DriveType.Fixed || Holds(drive))];
        foreach (var drive in drives)
        {
            if (Holds(drive) && drive.Name.Length > (data?.Length ?? 0))
            {
                data = drive.Name;
            }
        }

        foreach (var drive in drives)
        {
            Add(sample, drive, drive.Name == data);
        }

        return _readings.Exists(reading => reading.HoldsData) ? SensorStatus.Ok : NoData;
    }

    public void Detail(ResourceSample sample) => sample.Disks = [.. _readings];

    public void Dispose()
    {
    }

    private bool Holds(DriveInfo drive) => _dataDirectory.StartsWith(
        drive.Name, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)
        && (Path.EndsInDirectorySeparator(drive.Name) || _dataDirectory.Length == drive.Name.Length || _dataDirectory[drive.Name.Length] == Path.DirectorySeparatorChar);

    private void Add(ResourceSample sample, DriveInfo drive, bool holdsData)
    {
        double total, free, available;
        try
        {
            if (!drive.IsReady)
            {
                return;
            }

            total = drive.TotalSize;
            free = drive.TotalFreeSpace;
            available = drive.AvailableFreeSpace;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return;
        }

        if (total <= 0)
        {
            return;
        }

        double percent = 100 * (total - free) / (total - free + available);
        _readings.Add(new(drive.Name, total / ByteUnits.Gibibyte, available / ByteUnits.Gibibyte, percent, null, null, holdsData));
        if (!holdsData)
        {
            return;
        }

        sample[ResourceMetric.DiskTotalGb] = total / ByteUnits.Gibibyte;
        sample[ResourceMetric.DiskFreeGb] = available / ByteUnits.Gibibyte;
        sample[ResourceMetric.DiskPercent] = percent;
    }
}
