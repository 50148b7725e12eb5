using System.ComponentModel.DataAnnotations;
using PerfPortal.Domain.Operations;
using PerfPortal.Domain.Resources;
using PerfPortal.Server.Wire;

namespace PerfPortal.Server.Intake;

/// <summary>A sample of a host. At least one measured value is required; a value that was not measured is missing or null.</summary>
/// <param name="Source">The host; defaults to the name of the access key or the caller's address.</param>
/// <param name="SampledAt">When the sensors were read, at most 5 minutes in the future; defaults to now.</param>
/// <param name="CoveredSeconds">The period that the sample covers; defaults to 30 seconds.</param>
/// <param name="CpuCores">The usage of each processor, 0–100.</param>
/// <param name="Disks">The mounted file systems.</param>
/// <param name="Networks">The network interfaces.</param>
/// <param name="Gpus">The GPUs.</param>
/// <param name="Sensors">The state of each sensor by its name, as in /resources/current: why values are missing. A sensor without one is ok when it has values, otherwise absent.</param>
internal sealed record SampleReport(
    [property: StringLength(OperationLimits.SourceCharacters)] string? Source,
    DateTimeOffset? SampledAt,
    [property: Range(0, SampleValidator.MaxCoveredSeconds)] double? CoveredSeconds,
    [property: MaxLength(SampleValidator.MaxListItems)] IReadOnlyList<double>? CpuCores,
    [property: MaxLength(SampleValidator.MaxListItems)] IReadOnlyList<DiskReport>? Disks,
    [property: MaxLength(SampleValidator.MaxListItems)] IReadOnlyList<NetworkReport>? Networks,
    [property: MaxLength(SampleValidator.MaxListItems)] IReadOnlyList<GpuReport>? Gpus,
    IReadOnlyDictionary<string, SensorReport>? Sensors) : IRequestBody;

/// <summary>A mounted file system.</summary>
/// <param name="Name">The mount point, or the drive on Windows.</param>
/// <param name="TotalGb">Size, GiB.</param>
/// <param name="FreeGb">Free space for unprivileged users, GiB.</param>
/// <param name="UsedPercent">Usage, 0–100.</param>
/// <param name="ReadBytesPerSecond">Bytes read per second.</param>
/// <param name="WriteBytesPerSecond">Bytes written per second.</param>
/// <param name="HoldsData">Whether it contains the data directory of the program that reports.</param>
internal sealed record DiskReport(
    [property: StringLength(OperationLimits.SourceCharacters, MinimumLength = 1)] string Name,
    double? TotalGb, double? FreeGb, double? UsedPercent, double? ReadBytesPerSecond, double? WriteBytesPerSecond, bool? HoldsData) : IRequestBody;

/// <summary>A network interface.</summary>
/// <param name="Name">The name.</param>
/// <param name="RxBytesPerSecond">Bytes received per second.</param>
/// <param name="TxBytesPerSecond">Bytes sent per second.</param>
internal sealed record NetworkReport(
    [property: StringLength(OperationLimits.SourceCharacters, MinimumLength = 1)] string Name, double? RxBytesPerSecond, double? TxBytesPerSecond) : IRequestBody;

/// <summary>A GPU.</summary>
/// <param name="Name">The product name.</param>
/// <param name="Index">The zero-based index on the host.</param>
/// <param name="UtilizationPercent">Utilization, 0–100.</param>
/// <param name="MemoryUsedMb">Memory in use, MiB.</param>
/// <param name="MemoryTotalMb">Total memory, MiB.</param>
/// <param name="TemperatureCelsius">Temperature, °C.</param>
/// <param name="PowerWatts">Power draw, W.</param>
internal sealed record GpuReport(
    [property: StringLength(OperationLimits.SourceCharacters, MinimumLength = 1)] string Name,
    int? Index, double? UtilizationPercent, double? MemoryUsedMb, double? MemoryTotalMb, double? TemperatureCelsius, double? PowerWatts) : IRequestBody;

/// <summary>The state of a sensor.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">Why the sensor gives no values.</param>
internal sealed record SensorReport(SensorState State, [property: StringLength(SampleValidator.ReasonCharacters)] string? Reason) : IRequestBody;
