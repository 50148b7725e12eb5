using PerfPortal.Domain.Analysis.Damage;
using PerfPortal.Domain.Operations;

namespace PerfPortal.Tests.Analysis.Damage;

/// <summary>Health checks as they are reported.</summary>
internal static class Checks
{
    public static readonly (string, MetadataValue)[] Clean = [Corrupt(false), Missing(0), Score(1)];

    public static readonly (string, MetadataValue)[] Damaged = [Corrupt(true), Missing(0), Score(0.42), ("reasons", MetadataValue.From("weights.safetensors: 1 MiB from byte 0 is not what it was."))];

    public static readonly (string, MetadataValue)[] Incomplete = [Corrupt(false), Missing(2), Score(0.3)];

    public static (string, MetadataValue) Corrupt(bool value) => ("corruption_detected", MetadataValue.From(value));

    public static (string, MetadataValue) Missing(long value) => ("files_missing", MetadataValue.From(value));

    public static (string, MetadataValue) Score(double value) => ("integrity_score", MetadataValue.From(value));

    /// <summary>A check that ended some minutes before now.</summary>
    public static Operation Check(double minutesAgo, (string, MetadataValue)[] facts, string name = "llama", string source = "gpu-1", OperationStatus status = OperationStatus.Succeeded) =>
        Days.Ended(minutesAgo * 60, 2, MetricType.HealthCheck, name, status, source, status == OperationStatus.Failed ? "IOException" : null, facts);

    public static CheckReport Report(double minutesAgo, ModelFaults faults, ModelFaults? clears = null)
    {
        var end = Days.Now.AddMinutes(-minutesAgo);
        return new() { Id = Guid.NewGuid(), Start = end, End = end, Faults = faults, Clears = clears ?? (faults == ModelFaults.None ? ModelFaults.All : ModelFaults.None) };
    }
}
