namespace PerfPortal.Domain.Resources;

/// <summary>What a host's sensors said at one moment. A value that was not measured is <see langword="null"/>, never 0.</summary>
public sealed class ResourceSample
{
    /// <summary>How long a sample describes the present. An older one only shows what was true then.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(10);

    private readonly double[] _values;

    /// <summary>Makes a sample without values.</summary>
    /// <param name="source">The host, at most 200 characters.</param>
    /// <param name="sampledAt">When the sensors were read, UTC.</param>
    public ResourceSample(string source, DateTimeOffset sampledAt)
    {
        Source = source;
        SampledAt = sampledAt;
        _values = new double[ResourceMetrics.All.Count];
        Array.Fill(_values, double.NaN);
    }

    /// <summary>The host that the sample is of.</summary>
    public string Source { get; }

    /// <summary>When the sensors were read, UTC.</summary>
    public DateTimeOffset SampledAt { get; }

    /// <summary>Use of each processor, 0–100; empty when not measured.</summary>
    public IReadOnlyList<double> CpuCores { get; set; } = [];

    /// <summary>Each mounted file system of a real device; empty when not measured.</summary>
    public IReadOnlyList<DiskReading> Disks { get; set; } = [];

    /// <summary>Each network interface but loopback; empty when not measured.</summary>
    public IReadOnlyList<NetworkReading> Networks { get; set; } = [];

    /// <summary>Each GPU; empty when there is none.</summary>
    public IReadOnlyList<GpuReading> Gpus { get; set; } = [];

    /// <summary>The state of each sensor by its name in <see cref="Resources.Sensors"/>; a sensor that is not named was not reported.</summary>
    public IReadOnlyDictionary<string, SensorStatus> Sensors { get; set; } = new Dictionary<string, SensorStatus>();

    /// <summary>Whether the sample still describes the present: it is at most <see cref="FreshFor"/> old.</summary>
    public bool IsFreshAt(DateTimeOffset now) => now - SampledAt <= FreshFor;

    /// <summary>A scalar of the sample; setting NaN, an infinity or <see langword="null"/> clears it.</summary>
    public double? this[ResourceMetric metric]
    {
        get => double.IsNaN(_values[(int)metric]) ? null : _values[(int)metric];
        set => _values[(int)metric] = value is { } number && double.IsFinite(number) ? number : double.NaN;
    }
}

/// <summary>A mounted file system.</summary>
/// <param name="Name">The mount point, or the drive on Windows.</param>
/// <param name="TotalGb">Size, GiB.</param>
/// <param name="FreeGb">Space that an ordinary user may still fill, GiB.</param>
/// <param name="UsedPercent">Share in use as <c>df</c> counts it: used / (used + free), 0–100.</param>
/// <param name="ReadBytesPerSecond">Bytes read per second, or <see langword="null"/> when the device does not say.</param>
/// <param name="WriteBytesPerSecond">Bytes written per second, or <see langword="null"/> when the device does not say.</param>
/// <param name="HoldsData">Whether the portal's data directory lies on it.</param>
public sealed record DiskReading(
    string Name, double TotalGb, double FreeGb, double UsedPercent, double? ReadBytesPerSecond, double? WriteBytesPerSecond, bool HoldsData);

/// <summary>A network interface.</summary>
/// <param name="Name">Its name.</param>
/// <param name="RxBytesPerSecond">Bytes received per second, or <see langword="null"/> before the second reading.</param>
/// <param name="TxBytesPerSecond">Bytes sent per second, or <see langword="null"/> before the second reading.</param>
public sealed record NetworkReading(string Name, double? RxBytesPerSecond, double? TxBytesPerSecond);

/// <summary>A graphics processor. What the driver does not say is <see langword="null"/>.</summary>
/// <param name="Index">Its number on the host, from 0.</param>
/// <param name="Name">Its product name.</param>
/// <param name="UtilizationPercent">Share of time in which it worked, 0–100.</param>
/// <param name="MemoryUsedMb">Memory in use, MiB.</param>
/// <param name="MemoryTotalMb">Memory in all, MiB.</param>
/// <param name="TemperatureCelsius">Temperature, °C.</param>
/// <param name="PowerWatts">Power drawn, W.</param>
public sealed record GpuReading(
    int Index, string Name, double? UtilizationPercent, double? MemoryUsedMb, double? MemoryTotalMb, double? TemperatureCelsius, double? PowerWatts);
