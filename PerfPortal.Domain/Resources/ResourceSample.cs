namespace PerfPortal.Domain.Resources;

/// <summary>The readings of a host's sensors at one point in time. A value that was not measured is <see langword="null"/>, never 0.</summary>
public sealed class ResourceSample
{
    /// <summary>The maximum age at which a sample counts as current. Older samples are only historical.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(10);

    private readonly double[] _values;

    /// <summary>Creates a sample without values.</summary>
    /// <param name="source">The host, at most 200 characters.</param>
    /// <param name="sampledAt">When the sensors were read, UTC.</param>
    public ResourceSample(string source, DateTimeOffset sampledAt)
    {
        Source = source;
        SampledAt = sampledAt;
        _values = new double[ResourceMetrics.All.Count];
        Array.Fill(_values, double.NaN);
    }

    /// <summary>The host.</summary>
    public string Source { get; }

    /// <summary>When the sensors were read, UTC.</summary>
    public DateTimeOffset SampledAt { get; }

    /// <summary>Usage of each processor, 0–100; empty when not measured.</summary>
    public IReadOnlyList<double> CpuCores { get; set; } = [];

    /// <summary>All mounted file systems on physical devices; empty when not measured.</summary>
    public IReadOnlyList<DiskReading> Disks { get; set; } = [];

    /// <summary>All network interfaces except loopback; empty when not measured.</summary>
    public IReadOnlyList<NetworkReading> Networks { get; set; } = [];

    /// <summary>All GPUs; empty when the host has none.</summary>
    public IReadOnlyList<GpuReading> Gpus { get; set; } = [];

    /// <summary>The state of each sensor by its name in <see cref="Resources.Sensors"/>; missing sensors were not reported.</summary>
    public IReadOnlyDictionary<string, SensorStatus> Sensors { get; set; } = new Dictionary<string, SensorStatus>();

    /// <summary>Whether the sample is current, that is, at most <see cref="FreshFor"/> old.</summary>
    public bool IsFreshAt(DateTimeOffset now) => now - SampledAt <= FreshFor;

    /// <summary>Gets or sets the value of a metric; setting NaN, an infinity or <see langword="null"/> clears it.</summary>
    public double? this[ResourceMetric metric]
    {
        get => double.IsNaN(_values[(int)metric]) ? null : _values[(int)metric];
        set => _values[(int)metric] = value is { } number && double.IsFinite(number) ? number : double.NaN;
    }
}

/// <summary>A mounted file system.</summary>
/// <param name="Name">The mount point, or the drive on Windows.</param>
/// <param name="TotalGb">Size, GiB.</param>
/// <param name="FreeGb">Free space for unprivileged users, GiB.</param>
/// <param name="UsedPercent">Usage as reported by <c>df</c>: used / (used + free), 0–100.</param>
/// <param name="ReadBytesPerSecond">Bytes read per second, or <see langword="null"/> when not available.</param>
/// <param name="WriteBytesPerSecond">Bytes written per second, or <see langword="null"/> when not available.</param>
/// <param name="HoldsData">Whether it contains the portal's data directory.</param>
public sealed record DiskReading(
    string Name, double TotalGb, double FreeGb, double UsedPercent, double? ReadBytesPerSecond, double? WriteBytesPerSecond, bool HoldsData);

/// <summary>A network interface.</summary>
/// <param name="Name">The name.</param>
/// <param name="RxBytesPerSecond">Bytes received per second, or <see langword="null"/> before the second reading.</param>
/// <param name="TxBytesPerSecond">Bytes sent per second, or <see langword="null"/> before the second reading.</param>
public sealed record NetworkReading(string Name, double? RxBytesPerSecond, double? TxBytesPerSecond);

/// <summary>A GPU. Values that the driver does not report are <see langword="null"/>.</summary>
/// <param name="Index">The zero-based index on the host.</param>
/// <param name="Name">The product name.</param>
/// <param name="UtilizationPercent">Utilization, 0–100.</param>
/// <param name="MemoryUsedMb">Memory in use, MiB.</param>
/// <param name="MemoryTotalMb">Total memory, MiB.</param>
/// <param name="TemperatureCelsius">Temperature, °C.</param>
/// <param name="PowerWatts">Power draw, W.</param>
public sealed record GpuReading(
    int Index, string Name, double? UtilizationPercent, double? MemoryUsedMb, double? MemoryTotalMb, double? TemperatureCelsius, double? PowerWatts);
