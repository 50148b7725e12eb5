using System.Globalization;
using PerfPortal.Domain.Journal;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;

namespace PerfPortal.Server.Intake;

/// <summary>The values of a reported sample before validation; missing values are <see langword="null"/> or empty.</summary>
internal sealed class SampleDraft
{
    public string? Source { get; init; }

    /// <summary>The sample time in UTC.</summary>
    public DateTimeOffset? SampledAt { get; init; }

    public double? CoveredSeconds { get; init; }

    public Dictionary<ResourceMetric, double> Values { get; } = [];

    /// <summary>Utilization in percent; NaN for a value that could not be read.</summary>
    public IReadOnlyList<double> CpuCores { get; init; } = [];

    /// <summary>The disks; an entry that could not be read is null, as in the other lists.</summary>
    public IReadOnlyList<DiskReading?> Disks { get; init; } = [];

    public IReadOnlyList<NetworkReading?> Networks { get; init; } = [];

    public IReadOnlyList<GpuReading?> Gpus { get; init; } = [];

    /// <summary>The stated sensors.</summary>
    public IReadOnlyDictionary<string, SensorStatus> Sensors { get; init; } = new Dictionary<string, SensorStatus>();
}

/// <summary>Validates reported host samples. Readers report values of the wrong type.</summary>
/// <param name="defaultSource">The source of samples without one.</param>
/// <param name="now">The current time, UTC.</param>
/// <param name="oldest">The retention horizon; earlier samples are rejected.</param>
internal sealed class SampleValidator(string defaultSource, DateTimeOffset now, DateTimeOffset oldest)
{
    /// <summary>The maximum number of samples in a report.</summary>
    public const int MaxSamples = 10_000;

    /// <summary>The maximum number of processors, disks, network interfaces or GPUs in a sample.</summary>
    public const int MaxListItems = 1_024;

    /// <summary>The longest period that a sample covers, in seconds.</summary>
    public const double MaxCoveredSeconds = 300;

    /// <summary>The maximum length of the reason of a sensor.</summary>
    public const int ReasonCharacters = 1_024;

    private const string Cores = "numbers from 0 to 100";
    private const string Readings = "objects as in /resources/current, each with a name and finite numbers";
    private static readonly TimeSpan AssumedCover = TimeSpan.FromSeconds(30);

    /// <summary>Adds the error for a member that is not a list or has too many items.</summary>
    public static void AddInvalidList(string name, FieldErrors errors) => errors.Add(name, string.Create(
        CultureInfo.InvariantCulture, $"{name} must be an array of at most {MaxListItems} {(name == "cpu_cores" ? Cores : Readings)}."));

    /// <summary>Validates a draft and creates a sample from it.</summary>
    /// <returns>The sample, or <see langword="null"/> when the report has errors.</returns>
    public SampleTaken? Check(SampleDraft draft, FieldErrors errors)
    {
        string source = errors.CheckSource(draft.Source, defaultSource);
        var at = errors.CheckTime("sampled_at", draft.SampledAt) ?? now.ToWholeMicroseconds();
        if (at > now + OperationLimits.FutureTolerance)
        {
            errors.Add("sampled_at", "sampled_at is more than 5 minutes in the future.");
        }
        else if (at < oldest)
        {
            errors.Add("sampled_at", string.Create(
                CultureInfo.InvariantCulture, $"sampled_at is before {oldest:yyyy-MM-ddTHH:mm:ssZ}, the retention horizon. Increase MetricsRetentionHours, or MaxDatabaseMb if the database is at its size limit, to import older samples."));
        }

        errors.CheckNumber("covered_seconds", draft.CoveredSeconds, 0, MaxCoveredSeconds);
        foreach (var info in ResourceMetrics.All)
        {
            errors.CheckNumber(info.WireName, draft.Values.TryGetValue(info.Metric, out double value) ? value : null, 0, info.Max);
        }

        CheckList("cpu_cores", draft.CpuCores, Cores, static use => use is >= 0 and <= 100, errors);
        CheckList("disks", draft.Disks, Readings, IsReading, errors);
        CheckList("networks", draft.Networks, Readings, IsReading, errors);
        CheckList("gpus", draft.Gpus, Readings, IsReading, errors);
        if (draft.Values.Count + draft.CpuCores.Count + draft.Disks.Count + draft.Networks.Count + draft.Gpus.Count == 0)
        {
            errors.Add("source", "The sample has no values; it requires at least one member such as cpu_percent.");
        }

        return errors.IsEmpty ? Make(source, at, draft) : null;
    }

    private static SampleTaken Make(string source, DateTimeOffset at, SampleDraft draft)
    {
        var sample = new ResourceSample(source, at)
        {
            CpuCores = draft.CpuCores,
            Disks = [.. draft.Disks.OfType<DiskReading>()],
            Networks = [.. draft.Networks.OfType<NetworkReading>()],
            Gpus = [.. draft.Gpus.OfType<GpuReading>()],
            Sensors = SensorsOf(draft),
        };
        foreach (var (metric, value) in draft.Values)
        {
            sample[metric] = value;
        }

        return new(sample, draft.CoveredSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : AssumedCover);
    }

    /// <summary>Determines the sensor states: the stated one, unless it is working without a value; without one, a sensor without values is absent.</summary>
    private static Dictionary<string, SensorStatus> SensorsOf(SampleDraft draft) => Sensors.All.ToDictionary(
        sensor => sensor,
        sensor =>
        {
            bool hasValues = draft.Values.Keys.Any(metric => metric.Info().Sensor == sensor);
            return draft.Sensors.TryGetValue(sensor, out var stated) && (hasValues || stated.State != SensorState.Ok) ? stated
                : hasValues ? SensorStatus.Ok
                : new SensorStatus(SensorState.Absent, "The host does not report this sensor.");
        });

    private static void CheckList<T>(string name, IReadOnlyList<T> items, string expected, Predicate<T> isGood, FieldErrors errors)
    {
        if (items.Count > MaxListItems)
        {
            AddInvalidList(name, errors);
        }
        else if (!items.All(item => isGood(item)))
        {
            errors.Add(name, $"{name} must contain {expected}.");
        }
    }

    private static bool IsReading(DiskReading? disk) =>
        disk is not null && IsName(disk.Name) && AreFinite(disk.TotalGb, disk.FreeGb, disk.UsedPercent, disk.ReadBytesPerSecond, disk.WriteBytesPerSecond);

    private static bool IsReading(NetworkReading? network) =>
        network is not null && IsName(network.Name) && AreFinite(network.RxBytesPerSecond, network.TxBytesPerSecond);

    private static bool IsReading(GpuReading? gpu) =>
        gpu is not null && IsName(gpu.Name)
        && AreFinite(gpu.UtilizationPercent, gpu.MemoryUsedMb, gpu.MemoryTotalMb, gpu.TemperatureCelsius, gpu.PowerWatts);

    private static bool IsName(string? name) => name?.Length is > 0 and <= OperationLimits.SourceCharacters;

    private static bool AreFinite(params ReadOnlySpan<double?> numbers)
    {
        foreach (double? number in numbers)
        {
            if (number is { } value && !double.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}
